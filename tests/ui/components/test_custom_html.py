from pathlib import Path

import pytest

from mnist_demo.ui import components
from mnist_demo.ui.components.custom_html import custom_html

NOTICE = str(Path(components.__file__).parent / "notice" / "__init__.py")


def test_a_part_that_is_nowhere_is_named() -> None:
    with pytest.raises(ValueError, match=r"no nonsense\.js or \.css is in notice"):
        custom_html(NOTICE, ("nonsense",))
