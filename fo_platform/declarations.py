"""YAML files that people write, read into pydantic models; every fault names file, line and remedy.

What the files mean belongs to settings and policy.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Self, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from fo_platform.errors import FoError

Location = Sequence[str | int]
Tree = str | list["Tree"] | dict[str, "Tree"]

_AT_KEY = "at_key"


class Declared(BaseModel):
    """Base of every declared shape: frozen, and a key that it does not know is refused with the nearest name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_keys(cls, body: object) -> object:
        known = [field.alias or name for name, field in cls.model_fields.items()]
        for key in body if isinstance(body, dict) else ():
            if key not in known:
                raise fault_at(str(key), f"the key `{key}` is not known here; {nearest(str(key), known)}")
        return body


Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Document:
    """A parsed file whose lines are still known. error: the class of fault that it raises."""

    path: Path
    root: yaml.Node
    error: type[FoError]

    @classmethod
    def read(cls, path: Path, error: type[FoError]) -> Self:
        """The file as a tree of text; a missing, unreadable or malformed file is a fault."""
        if not path.is_file():
            raise error(f"{path} does not exist.", "Create it; the demo office shows its shape.")
        try:
            root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
        except UnicodeDecodeError as fault:
            raise error(f"{path} is not UTF-8 text (byte {fault.start}).", "Save it as UTF-8.") from fault
        except yaml.MarkedYAMLError as fault:
            line = fault.problem_mark.line + 1 if fault.problem_mark else 1
            raise error(
                f"{path} line {line}: {fault.problem or 'not YAML'}.", "Mend the indentation or quotes."
            ) from fault
        except yaml.YAMLError as fault:
            raise error(f"{path} is not YAML: {fault}.", "Remove the unprintable characters.") from fault
        if root is None:
            raise error(f"{path} is empty.", "Fill it; the demo office shows its shape.")
        return cls(path, root, error)

    def parse(self, model: type[Model]) -> Model:
        """The file as a model, or the first fault by line with the number of others."""
        try:
            return model.model_validate(self._tree(self.root))
        except ValidationError as fault:
            details = sorted(fault.errors(), key=self._line_of)
            others = f" ({len(details) - 1} more faults in the file)" if len(details) > 1 else ""
            sentence = _sentence(details[0])
            raise self.fault(_location(details[0]), sentence + others, "Correct the line and run again.") from fault

    def fault(self, location: Location, sentence: str, remedy: str) -> FoError:
        """The error to raise about one place of the file."""
        place = f"{self.path} line {self.line(location)}"
        key = ".".join(map(str, location))
        return self.error(f"{place}: {key}: {sentence}." if key else f"{place}: {sentence}.", remedy)

    def line(self, location: Location) -> int:
        """Line, counted from one, of the deepest part of a location that is in the file; names of kinds are not."""
        node, line = self.root, self.root.start_mark.line + 1
        for part in location:
            step = _step(node, part)
            if step is not None:
                line, node = step
        return line

    def _line_of(self, detail: ErrorDetails) -> int:
        return self.line(_location(detail))

    def _tree(self, node: yaml.Node) -> Tree:
        """Every scalar stays text, so that no number passes through a float and no `NO` turns into a boolean."""
        if isinstance(node, yaml.MappingNode):
            self._refuse_duplicates(node)
            return {key.value: self._tree(value) for key, value in node.value}
        if isinstance(node, yaml.SequenceNode):
            return [self._tree(value) for value in node.value]
        return str(node.value)

    def _refuse_duplicates(self, node: yaml.MappingNode) -> None:
        seen: dict[str, int] = {}
        for key, _ in node.value:
            line = key.start_mark.line + 1
            if key.value in seen:
                raise self.error(
                    f"{self.path} line {line}: the key `{key.value}` already stands on line {seen[key.value]}.",
                    "Keep one of the two.",
                )
            seen[key.value] = line


def fault_at(key: str, sentence: str) -> PydanticCustomError:
    """What a validator of a whole model raises when one of its keys is to blame, so that the key's line is named."""
    return PydanticCustomError(_AT_KEY, "{sentence}", {"sentence": sentence, "key": key})


def nearest(name: str, known: Sequence[str]) -> str:
    """A suggestion: the known name closest to what was written, or all of them."""
    close = get_close_matches(name, known, n=1)
    return f"did you mean `{close[0]}`?" if close else f"known are {', '.join(sorted(known))}"


def _step(node: yaml.Node, part: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        found = [(key.start_mark.line + 1, value) for key, value in node.value if key.value == str(part)]
        return found[0] if found else None
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part].start_mark.line + 1, node.value[part]
    return None


def _location(detail: ErrorDetails) -> Location:
    extra = [detail["ctx"]["key"]] if detail["type"] == _AT_KEY else []
    return [part for part in detail["loc"] if part != "[key]"] + extra


def _sentence(detail: ErrorDetails) -> str:
    message = detail["msg"].removeprefix("Value error, ")
    return message[0].lower() + message[1:]
