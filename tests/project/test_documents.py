"""What the documents promise is compared with what is there."""

import re
import shlex
import tomllib
from collections.abc import Iterator

from typer.main import get_command

from centerpoint import cli as centerpoint
from project.checkout import ROOT, code, documents
from qbemulator import cli as qbemulator

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
# They lie beside the checkout and are not part of the project (CONTRIBUTING.md, Sources).
BESIDE_THE_PROJECT = {"protocol.md", "product.md", "design.md", "performance.md"}


def read(name: str) -> str:
    return (ROOT / name).read_text()


def package(requirement: str) -> str:
    return re.split(r"[\[<>=~]", requirement)[0]


def test_every_setting_is_documented_and_every_documented_setting_is_read():
    settings = read("src/centerpoint/settings.py")
    used = set(re.findall(r'(?:environ\.get|_whole_number)\("([A-Z_]+)"', settings))
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", read("docs/operator/settings.md"), re.MULTILINE))

    assert documented == used


def test_every_metric_is_documented_and_every_documented_metric_is_there():
    there = set(re.findall(r'"(centerpoint_\w+)"', read("src/centerpoint/metrics.py")))
    documented = set(
        re.findall(r"^\| `(centerpoint_\w+)` \|", read("docs/operator/running.md"), re.MULTILINE)
    )

    assert documented == there


def test_every_dependency_has_its_reason():
    stack = read("docs/decisions/0002-stack.md")
    reasons = set(re.findall(r"^\| ([a-z0-9-]+) \|", stack, re.MULTILINE))

    assert reasons == {package(each) for each in PROJECT["project"]["dependencies"]}
    assert [each for each in PROJECT["dependency-groups"]["dev"] if package(each) not in stack] == []


def test_every_dependency_is_locked_by_hash_and_without_a_host():
    lock = read("requirements.lock")
    needed = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    pinned = re.split(r"\n(?=\S)", lock)

    assert {package(each) for each in needed} <= {package(each) for each in pinned}
    assert [each for each in pinned if "--hash=sha256:" not in each] == []
    assert "://" not in lock


def test_the_tree_of_the_architecture_is_there():
    tree = re.search(r"## The tree\n+```\n(.*?)```", read("ARCHITECTURE.md"), re.DOTALL)
    assert tree is not None

    assert [path for path in _paths(tree[1]) if not (ROOT / path).exists()] == []


def _paths(tree: str) -> Iterator[str]:
    """Folders and files named in the tree, with their folders before them. The first words of a line are names."""
    folders: list[tuple[int, str]] = []
    for line in tree.splitlines():
        indent = len(line) - len(line.lstrip())
        while folders and folders[-1][0] >= indent:
            folders.pop()
        above = "".join(folder for _, folder in folders)
        names = re.match(r"\s*((?:[\w.]+(?:/|\.\w+)\s?)+)", line)
        for name in names[1].split() if names else ():
            yield above + name
            if name.endswith("/"):
                folders.append((indent, name))


def test_the_arrows_of_the_architecture_are_the_ones_checked():
    arrows = re.search(r"## Arrows\n(.*?)\n## ", read("ARCHITECTURE.md"), re.DOTALL)
    assert arrows is not None
    drawn = set(re.findall(r"`([a-z_]+(?: > [a-z_]+)+)`", arrows[1]))
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    checked = {
        " > ".join(layer.rpartition(".")[2] for layer in contract["layers"] if not layer.startswith("("))
        for contract in contracts
        if contract["type"] == "layers"
    }

    assert drawn == checked


def test_every_make_command_of_the_documents_is_a_target():
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    named = {
        target
        for text in documents().values()
        for target in re.findall(r"(?:^|`)(?:POSTGRES=skip )?make ([a-z]+)", text, re.MULTILINE)
    }

    assert named - targets == set()


def test_every_command_of_the_documents_can_be_typed():
    """Each `centerpoint ...` and `qbemulator ...`, in backticks or on a line of its own."""
    command = re.compile(r"(?:^ *|`)((?:centerpoint|qbemulator) [a-z][^`\n]*)", re.MULTILINE)
    typed = {(name, line) for name, text in documents().items() for line in command.findall(text)}

    assert len(typed) > 10
    assert {(name, line, word) for name, line in typed for word in _unknown_words(line)} == set()


def _unknown_words(typed: str) -> list[str]:
    """Commands and options of a line that its program does not have."""
    program, *words = shlex.split(typed.partition("#")[0])
    command = get_command({"centerpoint": centerpoint, "qbemulator": qbemulator}[program].app)
    while commands := getattr(command, "commands", None):
        if words[0] not in commands:
            return [words[0]]
        command = commands[words.pop(0)]
    options = {option for parameter in command.params for option in parameter.opts}
    return [word for word in words if word.startswith("--") and word not in options]


def test_every_link_leads_somewhere():
    broken = [
        f"{name}: {target}"
        for name, text in documents().items()
        for target in re.findall(r"\]\((?!https?:)([^)#\s]+)", text)
        if not ((ROOT / name).parent / target).exists()
    ]

    assert broken == []


def test_every_document_cited_is_known():
    there = {name.rpartition("/")[2] for name in documents()} | BESIDE_THE_PROJECT
    cited = {
        f"{name}: {document}"
        for name, text in {**code("src", "tests", "benchmarks"), **documents()}.items()
        for document in re.findall(r"[\w-]+\.md\b", text)
        if document not in there
    }

    assert cited == set()


def test_the_changelog_tells_of_this_version():
    released = re.findall(r"^## (\S+)", read("CHANGELOG.md"), re.MULTILINE)

    assert released[0] in ("Unreleased", PROJECT["project"]["version"])
