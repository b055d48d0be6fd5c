"""What the import's pages send: a file and what it holds, and how its columns are settled."""

import hashlib
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict

from martech.imports import targets
from martech.imports.mapping import Mapping, answer, questions
from martech.imports.models import ImportBatch
from martech.imports.table import MAX_BYTES, Table

TOO_LARGE = f"The file is larger than {MAX_BYTES >> 20} MB. Split it and import the parts."


class UploadForm(forms.Form):
    """A file and what it holds."""

    kind = forms.ChoiceField(label="What does it hold?", widget=forms.RadioSelect)
    file = forms.FileField(
        label="The file", help_text=f"CSV or XLSX, up to {MAX_BYTES >> 20} MB and 50,000 rows.", max_length=200,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = targets.kinds(actor)  # type: ignore[attr-defined]

    def refuse(self) -> None:
        """The upload was cut off at UPLOAD_LIMIT."""
        self.is_bound = True
        self.full_clean()
        self.errors.pop("file", None)
        self.add_error("file", TOO_LARGE if settings.UPLOAD_LIMIT >= MAX_BYTES else "The file is too large.")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        return file

    def values(self) -> dict[str, Any]:
        """What `ImportBatch.add` takes."""
        file = self.cleaned_data["file"]
        name = "".join(letter for letter in file.name if letter.isprintable())[-120:] or "file"
        return {"kind": self.cleaned_data["kind"], "file_name": name, "content": file.read()}


def tag(code: str) -> str:
    """A short name for what an answer is about, whatever text the file has there."""
    return hashlib.sha256(code.encode()).hexdigest()[:12]


def settle(batch: ImportBatch, table: Table, sent: QueryDict, actor: Any) -> dict[str, Any]:
    """The fields of `change`: mapping and reading as sent, answers included. What was not offered is not taken."""
    places = targets.targets(batch.model, actor)
    old = batch.settled
    columns = {}
    for place, column in enumerate(table.header):
        name = sent.get(f"column-{place}", "")
        if name in places:
            columns[column] = name
    mapping = Mapping(
        columns=columns,
        key=sent.get("key", old.key),
        source=sent.get("source", "").strip()[:60],
        clear="clear" in sent,
        create="create" in sent,
        mode=sent.get("mode", old.mode),
        dates=old.dates,
        numbers=old.numbers,
        values=old.values,
    )
    for question in questions(table, mapping, places):
        place = table.header.index(question.column)
        for item in question.items:
            chosen = sent.get(f"answer-{place}-{tag(item.code)}")
            if chosen is not None and chosen != UNANSWERED:
                answer(mapping, question, item.code, chosen)
    reading = {name: sent[name] for name in ("encoding", "separator", "sheet") if sent.get(name)}
    return {"mapping": mapping.as_json(), "reading": reading}


UNANSWERED = "?"
"""The choice that stands in a question nobody answered yet."""
