"""What people said on the records (in talk.txt beside), what they follow, and the views they keep."""

from collections.abc import Iterator
from pathlib import Path


def talk() -> Iterator[tuple[str, str, int, str, str]]:
    """(kind of record, its name, days ago, who, words) of each remark.

    talk.txt reads like a play: a record as `kind: name`, then lines of `days-ago who: words`, oldest first.
    """
    kind = name = ""
    for line in Path(__file__).with_name("talk.txt").read_text(encoding="utf-8").splitlines():
        if not line:
            continue
        before, _, words = line.partition(": ")
        if before.split()[0].isdigit():
            ago, who = before.split()
            yield kind, name, int(ago), who, words
        else:
            kind, name = before, words


# Who follows what: person, kind, record
# fmt: off
FOLLOWS = (
    ("nora", "system", "Quillmark Pages"),
    ("nora", "system", "Chatmarrow"),
    ("nora", "system", "Plattenholt"),
    ("priya", "system", "Mosskeep"),
    ("priya", "system", "Postwren"),
    ("priya", "integration", "Yesfold to Postwren"),
    ("tomasz", "system", "Mosskeep"),
    ("tomasz", "system", "Ledgerhurst"),
    ("tomasz", "vendor", "Answerby"),
    ("ama", "system", "Snapquay"),
    ("ama", "system", "Chatmarrow"),
    ("ama", "vendor", "Lettergrove"),
    ("eoin", "system", "Lettergrove"),
    ("eoin", "integration", "Yesfold to Postwren"),
    ("birgit", "system", "Ledgerhurst"),
    ("birgit", "system", "Mosskeep"),
    ("marco", "vendor", "Quillmark Group"),
    ("marco", "vendor", "Answerby"),
    ("helen", "system", "Mosskeep"),
    ("helen", "system", "Quillmark Engage"),
    ("jonas", "system", "Commission model"),
    ("margit", "system", "Postwren"),
    ("leila", "system", "Ostrelle Service"),
    ("ivo", "system", "Mosskeep"),
)

# Kept by, page, name, query, shared
VIEWS = (
    (
        "priya", "inventory.system", "Live without a business owner",
        "lifecycle=live&business_owner__isnull=true&ordering=name", True,
    ),
    ("tomasz", "inventory.system", "Mission critical", "criticality=mission&ordering=name", True),
    (
        "ama", "inventory.system", "Live, personal data, no single sign-on",
        "lifecycle=live&personal_data=yes&sso=no&ordering=name", True,
    ),
    ("tomasz", "inventory.system", "On trial", "lifecycle=evaluating&ordering=trial_ends_on", True),
    ("callum", "inventory.system", "Found, not yet judged", "lifecycle=discovered&ordering=-created_at", True),
    ("tomasz", "inventory.system", "Being left", "lifecycle=phasing_out&ordering=retired_on", True),
    ("ivo", "inventory.integration", "Degraded", "status=degraded&ordering=name", True),
    ("marco", "inventory.vendor", "Restricted", "status=restricted&ordering=name", True),
    ("helen", "inventory.system", "Critical and live", "lifecycle=live&criticality=critical&ordering=name", False),
    ("nora", "inventory.system", "Newest first", "ordering=-created_at", False),
)
