"""Products, versions, paths and what people call wrongly."""

from __future__ import annotations

from smena.errors.tree import Failed, NeedsPerson, Refused, WrongUsage


class OutputFailed(Failed):
    """The answer could not be written: a full disk behind a pipe, say."""

    code = "output-failed"


class QuestionOpen(NeedsPerson):
    """A command has to ask something, and there is no terminal to ask on."""

    code = "question-open"


class FileMissing(WrongUsage):
    """A file that was named does not exist."""

    code, http = "file-missing", 404


class BadContent(Refused):
    """A file was read, but what is in it cannot be used."""

    code = "content-bad"


class CannotEdit(BadContent):
    """A key of a file cannot be changed without changing something else in it."""

    code = "edit-impossible"


class BadResolution(BadContent):
    """A resolution file has mistakes; `why` names each with its line."""

    code = "resolution-bad"


class BadDefinition(BadContent):
    """A product definition has mistakes; `why` names each with file, line and field."""

    code = "definition-bad"


class ProductUnknown(Refused):
    """No definition has this name."""

    code, http = "product-unknown", 404


class VersionUnknown(Refused):
    """Neither a release nor a build of this name is known."""

    code, http = "version-unknown", 404


class EditionUnknown(Refused):
    """The product is not sold in this edition."""

    code, http = "edition-unknown", 404


class NoPath(Refused):
    """No chain of allowed hops leads there; `why` says where each way ends."""

    code = "path-none"


class GraphTooLarge(Refused):
    """A picture of so many hops would help nobody."""

    code = "graph-too-large"
