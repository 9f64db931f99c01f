"""Measure how the source is laid out: how many modules, how deep their imports go, how often each is used.

Run `python -m tests.project.house [FOLDER]`; the folder is a checkout, by default this one.
"""

from __future__ import annotations

import argparse
import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PACKAGE = "audio_builder"
LONG_FUNCTION = 35
TINY_MODULE = 40
"""Lines below which a module other than an `__init__` is called tiny."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One source file and what it imports of the others."""

    name: str
    path: Path
    lines: int
    top: frozenset[str]
    """Modules imported when this one is."""
    lazy: Mapping[str, int]
    """Modules imported inside a function, with the first line that does; however many do, each counts once."""
    long_functions: tuple[tuple[str, int], ...]
    """Functions over the limit, with their lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The figures of a checkout."""

    modules: int
    lines: int
    chain: tuple[str, ...]
    """The longest chain of imports, from what imports to what is imported."""
    single: tuple[str, ...]
    """Modules that exactly one other imports, for the type checker aside."""
    lazy: tuple[str, ...]
    long_functions: tuple[tuple[str, int], ...]
    twice: Mapping[str, int]
    """Module names that occur more than once."""
    packages: Mapping[str, tuple[int, int]]
    """Modules and lines of each package."""
    longest: tuple[tuple[str, int], ...]
    tiny: tuple[tuple[str, int], ...]

    @property
    def per_thousand_lines(self) -> float:
        """Modules for each thousand lines."""
        return 1000 * self.modules / self.lines

    @property
    def single_share(self) -> float:
        """The share of all modules that exactly one other imports."""
        return len(self.single) / self.modules


def read_modules(root: Path) -> dict[str, Module]:
    """Read every source file of the package below a checkout's folder."""
    files = {_dotted(path, root): path for path in sorted((root / PACKAGE).rglob("*.py"))}
    return {name: _module(name, path, frozenset(files)) for name, path in files.items()}


def measure(root: Path) -> House:
    """Work out all figures of a checkout."""
    modules = read_modules(root)
    importers = Counter(name for each in modules.values() for name in each.top | each.lazy.keys())
    stems = Counter(name.rpartition(".")[2] for name, each in modules.items() if not _is_facade(each))
    by_length = sorted(((name, each.lines) for name, each in modules.items()), key=lambda one: -one[1])
    return House(
        modules=len(modules),
        lines=sum(each.lines for each in modules.values()),
        chain=_longest_chain(modules),
        single=tuple(sorted(name for name, count in importers.items() if count == 1)),
        lazy=tuple(f"{each.name}:{line} {to}" for each in modules.values() for to, line in each.lazy.items()),
        long_functions=tuple(one for each in modules.values() for one in each.long_functions),
        twice={stem: count for stem, count in sorted(stems.items()) if count > 1},
        packages=_packages(modules),
        longest=tuple(by_length[:10]),
        tiny=tuple(
            (n, count) for n, count in by_length if count < TINY_MODULE and not _is_facade(modules[n])
        ),
    )


def _packages(modules: Mapping[str, Module]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for name, module in modules.items():
        package = name.split(".")[1] if "." in name else name
        count, lines = found.get(package, (0, 0))
        found[package] = (count + 1, lines + module.lines)
    return found


def _dotted(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _is_facade(module: Module) -> bool:
    return module.path.name == "__init__.py"


def _module(name: str, path: Path, known: frozenset[str]) -> Module:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    found: dict[str, dict[str, int]] = {"top": {}, "lazy": {}, "typing": {}}
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node, where in _imports(tree, "top"):
        for to in _targets(node, package, known):
            found[where].setdefault(to, node.lineno)
    return Module(
        name=name,
        path=path,
        lines=text.count("\n"),
        top=frozenset(found["top"]),
        lazy=found["lazy"],
        long_functions=tuple(_long_functions(name, tree)),
    )


def _imports(node: ast.AST, where: str) -> Iterator[tuple[ast.Import | ast.ImportFrom, str]]:
    """Find each import and when it happens: with the module, later inside a function, or never."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child, where
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _imports(child, "lazy" if where == "top" else where)
        elif isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING"):
            yield from _imports(ast.Module(body=child.body, type_ignores=[]), "typing")
            yield from _imports(ast.Module(body=child.orelse, type_ignores=[]), where)
        else:
            yield from _imports(child, where)


def _targets(node: ast.Import | ast.ImportFrom, package: str, known: frozenset[str]) -> Iterator[str]:
    """Name the modules an import statement means; a facade only where no module behind it is named."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name in known)
        return
    above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
    base = ".".join([*above, *([node.module] if node.module else [])])
    for alias in node.names:
        named = f"{base}.{alias.name}"
        if named in known:
            yield named
        elif base in known:
            yield base


def _long_functions(name: str, tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LONG_FUNCTION:
                yield f"{name}.{node.name}", lines


def _longest_chain(modules: Mapping[str, Module]) -> tuple[str, ...]:
    """Follow top-level imports down; where they go round in a circle, the circle is walked once."""

    @cache
    def below(name: str) -> tuple[str, ...]:
        if name in walked:
            return ()
        walked.append(name)
        chains = [below(to) for to in sorted(modules[name].top)]
        walked.pop()
        return (name, *max(chains, key=len, default=()))

    walked: list[str] = []
    return max((below(name) for name in modules), key=len)


def table(house: House) -> str:
    """Write the figures as a table, and below it what stands behind them."""
    rows = [
        ("modules", f"{house.modules}", ""),
        ("source lines", f"{house.lines:,}", ""),
        ("modules a thousand lines", f"{house.per_thousand_lines:.1f}", "≤ 6"),
        ("import depth", f"{len(house.chain)}", "≤ 14"),
        ("modules with one importer", f"{len(house.single)} ({house.single_share:.0%})", "≤ 30 %"),
        ("lazy internal imports", f"{len(house.lazy)}", "≤ 15"),
        (f"functions over {LONG_FUNCTION} lines", f"{len(house.long_functions)}", "≤ 5"),
        ("module names that occur twice", f"{len(house.twice)}", "0"),
        (f"modules under {TINY_MODULE} lines", f"{len(house.tiny)}", ""),
    ]
    lines = [f"{name:<32}{value:>10}  {aim}".rstrip() for name, value, aim in rows]
    behind = {
        "longest chain": house.chain,
        "lazy": house.lazy,
        "long functions": [f"{name}: {count}" for name, count in house.long_functions],
        "names twice": [f"{name}: {count}" for name, count in house.twice.items()],
        "packages": [
            f"{name}: {count} modules, {lines} lines" for name, (count, lines) in house.packages.items()
        ],
        "longest modules": [f"{name}: {count}" for name, count in house.longest],
        "tiny modules": [f"{name}: {count}" for name, count in house.tiny],
        "one importer": house.single,
    }
    for title, entries in behind.items():
        lines += ["", f"{title}:", *(f"  {entry}" for entry in entries)]
    return "\n".join(lines)


def main() -> None:
    """Print the table for a checkout."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).resolve().parents[2])
    print(table(measure(parser.parse_args().folder)))  # noqa: T201


if __name__ == "__main__":
    main()
