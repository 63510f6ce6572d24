from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

TESTS = """
    import pytest

    @pytest.fixture
    def missing():
        pytest.skip("no such thing here")

    @pytest.mark.browser
    def test_skipped_by_fixture(missing):
        pass

    @pytest.mark.browser
    @pytest.mark.skip(reason="by its mark")
    def test_skipped_by_mark():
        pass

    @pytest.mark.browser
    @pytest.mark.xfail(reason="known")
    def test_known_failure():
        assert False

    def test_skipped_without_marker(missing):
        pass

    def test_on_mnist(mnist):
        pass

    @pytest.mark.slow
    def test_slow():
        pass
"""


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("MNIST_DEMO_DATA", str(pytester.path / "nothing"))
    pytester.makeconftest(Path(__file__).with_name("conftest.py").read_text())
    pytester.makepyfile(TESTS)
    return pytester


def test_skips_are_allowed_where_nothing_is_required(suite: pytest.Pytester) -> None:
    suite.runpytest_inprocess().assert_outcomes(skipped=4, xfailed=1, deselected=1)


def test_a_required_marker_turns_its_skips_into_failures(suite: pytest.Pytester) -> None:
    result = suite.runpytest_inprocess("--require=browser")
    outcomes = result.parseoutcomes()
    assert outcomes.get("failed", 0) + outcomes.get("errors", 0) == 2
    assert outcomes["skipped"] == 2
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*--require=browser*no such thing here*"])
    result.stdout.fnmatch_lines(["*--require=browser*by its mark*"])


def test_two_markers_can_be_required(suite: pytest.Pytester) -> None:
    result = suite.runpytest_inprocess("--require=browser", "--require=real_mnist")
    outcomes = result.parseoutcomes()
    assert outcomes.get("failed", 0) + outcomes.get("errors", 0) == 3
    result.stdout.fnmatch_lines(["*--require=real_mnist*MNIST_DEMO_DATA*"])


def test_tests_that_use_mnist_carry_its_marker(suite: pytest.Pytester) -> None:
    suite.runpytest_inprocess("-m", "real_mnist").assert_outcomes(skipped=1, deselected=5)


@pytest.mark.parametrize(
    ("options", "passed"),
    [((), 0), (("--slow",), 1), (("-m", "slow"), 1), (("-m", "not nginx"), 0)],
)
def test_slow_ones_run_where_they_are_asked_for(
    suite: pytest.Pytester, options: tuple[str, ...], passed: int
) -> None:
    outcomes = suite.runpytest_inprocess(*options).parseoutcomes()
    assert outcomes.get("passed", 0) == passed
    assert outcomes.get("deselected", 0) in (1 - passed, 5)


def test_a_file_skipped_whole_fails_where_something_is_required(suite: pytest.Pytester) -> None:
    suite.makepyfile(test_whole="import pytest; pytest.importorskip('no_such_module')")
    result = suite.runpytest_inprocess("--require=browser", "-k", "nothing")
    result.stdout.fnmatch_lines(["*--require*whole file*no_such_module*"])
    assert result.ret != pytest.ExitCode.OK


def test_an_unknown_marker_cannot_be_required(suite: pytest.Pytester) -> None:
    result = suite.runpytest_inprocess("--require=real_mnsit")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
