"""What a declaration says that a cell means, by Python's own parsers: nothing of Collect is used."""

import csv
import datetime
import itertools
import re
import zoneinfo
from decimal import Decimal

TRUE = ["true", "True", "TRUE", "1"]
FALSE = ["false", "False", "FALSE", "0"]


def folded(heading):
    """Headings are compared by their letters and digits alone."""
    return "".join(it for it in heading.casefold() if it.isalnum()) or heading.strip()


class Column:
    """One field of a declaration."""

    def __init__(self, field, document):
        self.name = field["name"]
        self.kind = field["type"]
        self.field = field
        self.missing = set(field.get("missingValues", document.get("missingValues", [""])))
        self.formats = field.get("formats") or [field.get("format", "default")]
        self.headings = {folded(it) for it in [self.name, field.get("title", self.name), *field.get("titles", [])]}

    def value(self, cell):
        """The value of a cell in a file."""
        if cell in self.missing:
            return None
        if self.kind == "string":
            return cell.lower() if self.field.get("format") == "uuid" else cell
        return getattr(self, self.kind)(cell.strip())

    def answered(self, value):
        """The value of a cell in an answer."""
        if value is None or self.kind in ("string", "boolean"):
            return value
        if self.kind in ("integer", "year"):
            return int(value)
        if self.kind == "number":
            return Decimal(value)
        parse = {"date": datetime.date.fromisoformat, "time": datetime.time.fromisoformat}
        if self.kind in parse:
            return parse[self.kind](value)
        if self.kind == "datetime":
            moment = datetime.datetime.fromisoformat(value)
            return moment.astimezone(datetime.timezone.utc) if moment.tzinfo else moment
        return value

    def plain(self, cell):
        cell = cell.replace(self.field.get("groupChar", ""), "") if "groupChar" in self.field else cell
        cell = cell.replace(self.field.get("decimalChar", "."), ".")
        if not self.field.get("bareNumber", True):
            cell = re.search(r"-?[0-9.]+(?:[eE][-+]?[0-9]+)?", cell).group()
        return cell

    def integer(self, cell):
        return int(self.plain(cell))

    def number(self, cell):
        return Decimal(self.plain(cell))

    def boolean(self, cell):
        if cell in self.field.get("trueValues", TRUE):
            return True
        if cell in self.field.get("falseValues", FALSE):
            return False
        raise ValueError(cell)

    def moment(self, cell, iso):
        for form in self.formats:
            try:
                if form == "default":
                    return iso(cell)
                return datetime.datetime.strptime(cell, form.replace("%-", "%"))
            except ValueError:
                continue
        raise ValueError(cell)

    def date(self, cell):
        moment = self.moment(cell, datetime.date.fromisoformat)
        return moment.date() if isinstance(moment, datetime.datetime) else moment

    def datetime(self, cell):
        moment = self.moment(cell, datetime.datetime.fromisoformat)
        if "timezone" not in self.field:
            return moment
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zoneinfo.ZoneInfo(self.field["timezone"]))
        return moment.astimezone(datetime.timezone.utc)

    def time(self, cell):
        moment = self.moment(cell, datetime.time.fromisoformat)
        return moment.time() if isinstance(moment, datetime.datetime) else moment

    def year(self, cell):
        return int(cell)

    def yearmonth(self, cell):
        return cell


def records(path, document, exported=False):
    """The number of each record of a file and its cells, one for each field; without those that have
    nothing in them."""
    columns = [Column(it, document) for it in document["fields"]]
    dialect = document.get("dialect", {})
    encoding = "utf-8-sig" if exported else dialect.get("encoding", "utf-8-sig")
    with open(path, encoding=encoding, newline="") as file:
        rows = csv.reader(file, delimiter=dialect.get("delimiter", ","))
        places = range(len(columns))
        if dialect.get("header", True):
            places = heading(rows, columns)
        rows = (it for it in rows if it)
        for number, cells in enumerate(rows, 1):
            if any(it.strip() for it in cells):
                yield number, [None if at is None or at >= len(cells) else cells[at] for at in places]


def heading(rows, columns):
    """Where each field stands. Lines of a title may come first."""
    best = None
    for cells in itertools.islice(rows, 20):
        names = [folded(it) for it in cells]
        places = [next((at for at, it in enumerate(names) if it in column.headings), None) for column in columns]
        if None not in places:
            return places
        best = best or places
    raise ValueError("no heading")
