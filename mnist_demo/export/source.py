"""The source of classes and functions, with all that it needs of the module that it stands in."""

import ast
import builtins
import importlib.util
import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

OURS = "mnist_demo"


@dataclass(frozen=True, order=True)
class Import:
    """`import module`, or `from module import attribute`; as `name`."""

    module: str
    attribute: str
    name: str

    @property
    def root(self) -> str:
        return self.module.split(".")[0]

    @property
    def meaning(self) -> tuple[str, str]:
        """What the name then stands for: `import torch.nn` makes torch of torch."""
        return (self.root if self.name == self.root else self.module, self.attribute)


@dataclass
class Copied:
    """definitions: as they stand, in their order, and the names that they define. imports: that
    they use."""

    definitions: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    imports: set[Import] = field(default_factory=set)


def names_in(code: str | ast.AST) -> set[str]:
    """The names that a piece of Python uses."""
    tree = ast.parse(code) if isinstance(code, str) else code
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def split_call(make: Callable[[], Any]) -> tuple[Callable[..., Any], str]:
    """What makes a network, and the arguments that it is called with, as Python.

    Raises ValueError where these are more than plain values.
    """
    if not isinstance(make, partial):
        return make, ""
    arguments = [repr(each) for each in make.args]
    arguments += [f"{name}={value!r}" for name, value in make.keywords.items()]
    try:
        ast.literal_eval(f"[{', '.join(map(repr, (*make.args, *make.keywords.values())))}]")
    except (ValueError, SyntaxError):
        raise ValueError(f"the network is made of {arguments}, which no script can say") from None
    return make.func, ", ".join(arguments)


def copy_source(thing: Callable[..., Any]) -> Copied:
    """The source of a class or function, and of what it uses of its own module.

    What an installed package defines is imported. Raises ValueError where no source can be found:
    of a lambda, of what is defined within a function, or typed in a console.
    """
    module, name = sys.modules[thing.__module__], thing.__qualname__
    root, file = module.__name__.split(".")[0], getattr(module, "__file__", None) or ""
    if "site-packages" in file and root != OURS:
        return Copied(imports={Import(module.__name__, name, name)})
    try:
        source = inspect.getsource(module)
    except (OSError, TypeError):
        raise ValueError(f"the source of {name} is in no file") from None
    statements = _statements(ast.parse(source), module)
    if name not in statements:
        raise ValueError(f"{name} is not defined at the top of {module.__name__}")
    return _copy(name, statements, source.splitlines())


def _copy(name: str, statements: dict[str, ast.stmt | Import], lines: list[str]) -> Copied:
    found, nodes, copied = [name], list[ast.stmt](), Copied()
    for each in found:  # it grows on the way
        statement = statements[each]
        if isinstance(statement, Import):
            copied.imports.add(statement)
            continue
        if statement not in nodes:
            nodes.append(statement)
        copied.names.add(each)
        local = bound_names(statement)
        for used in sorted(names_in(statement) - set(found)):
            if used in statements:
                found.append(used)
            elif used not in local and not hasattr(builtins, used):
                raise ValueError(f"{name} uses {used}, which cannot be found in its module")
    for node in sorted(nodes, key=lambda node: node.lineno):
        first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
        copied.definitions.append("\n".join(lines[first - 1 : node.end_lineno]))
    return copied


def _statements(tree: ast.Module, module: Any) -> dict[str, ast.stmt | Import]:
    """What a module defines and imports at its top, by name."""
    found: dict[str, ast.stmt | Import] = {}
    for node in tree.body:
        match node:
            case ast.Import(names):
                for alias in names:
                    name = alias.asname or alias.name.split(".")[0]
                    found[name] = Import(alias.name, "", name)
            case ast.ImportFrom(of, names, level):
                origin = importlib.util.resolve_name("." * level + (of or ""), module.__package__)
                for alias in names:
                    name = alias.asname or alias.name
                    found[name] = Import(origin, alias.name, name)
            case ast.ClassDef(name) | ast.FunctionDef(name):
                found[name] = node
            case ast.Assign() | ast.AnnAssign():
                found |= dict.fromkeys(bound_names(node), node)
    return found


def bound_names(tree: ast.AST) -> set[str]:
    """The names that are given a value within a piece of Python."""
    nodes = list(ast.walk(tree))
    defined = (ast.ClassDef, ast.FunctionDef, ast.ExceptHandler)
    return {
        *(
            each.id
            for each in nodes
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
        ),
        *(each.arg for each in nodes if isinstance(each, ast.arg)),
        *(each.name for each in nodes if isinstance(each, defined) and each.name),
    }


def write_imports(imports: set[Import]) -> str:
    """Import statements as a formatter would have them: the standard library's, others', ours."""
    groups: dict[int, dict[str, set[Import]]] = {0: {}, 1: {}, 2: {}}
    for each in imports:
        group = 2 if each.root == OURS else 0 if each.root in sys.stdlib_module_names else 1
        groups[group].setdefault(each.module, set()).add(each)
    return "\n\n".join("\n".join(_import_lines(group)) for group in groups.values() if group)


def _import_lines(modules: dict[str, set[Import]]) -> list[str]:
    plain, taken = [], []
    for module, imports in sorted(modules.items()):
        named = [each for each in imports if each.attribute]
        plain += [
            f"import {module}" + (f" as {each.name}" if each.name != each.root else "")
            for each in sorted(imports - set(named))
        ]
        if named:
            named.sort(key=lambda each: (each.attribute.islower(), each.attribute))
            names = (
                each.attribute + (f" as {each.name}" if each.name != each.attribute else "")
                for each in named
            )
            taken.append(f"from {module} import {', '.join(names)}")
    return plain + taken
