"""Loads sales records with Django's bulk_create, 1,000 at a time: argument 1 is the file."""

import csv
import datetime
import os
import sys

import django
from django.conf import settings
from django.db import models

settings.configure(
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": os.environ["PGHOST"],
            "PORT": os.environ["PGPORT"],
            "USER": os.environ["PGUSER"],
            "PASSWORD": os.environ["PGPASSWORD"],
            "NAME": os.environ["PGDATABASE"],
        }
    },
    INSTALLED_APPS=[],
)
django.setup()

TEXTS = ["region", "country", "item_type", "sales_channel", "order_priority"]
MONEY = ["unit_price", "unit_cost", "total_revenue", "total_cost", "total_profit"]
COLUMNS = [*TEXTS, "order_date", "order_id", "ship_date", "units_sold", *MONEY]


class Sale(models.Model):
    import_id = models.BigIntegerField(default=1)
    record = models.BigIntegerField(primary_key=True)
    for name in TEXTS:
        locals()[name] = models.TextField()
    order_date = models.DateField()
    order_id = models.BigIntegerField()
    ship_date = models.DateField()
    units_sold = models.BigIntegerField()
    for name in MONEY:
        locals()[name] = models.DecimalField(max_digits=14, decimal_places=2)
    del name

    class Meta:
        app_label = "bench"
        db_table = "sales"


def date(text):
    month, day, year = text.split("/")
    return datetime.date(int(year), int(month), int(day))


def sale(record, cells):
    values = dict(zip(COLUMNS, cells))
    values["order_date"], values["ship_date"] = date(values["order_date"]), date(values["ship_date"])
    return Sale(record=record, **values)


with open(sys.argv[1], newline="") as file:
    records = csv.reader(file)
    next(records)
    batch = []
    for number, cells in enumerate(records, 1):
        batch.append(sale(number, cells))
        if len(batch) == 1000:
            Sale.objects.bulk_create(batch)
            batch = []
    Sale.objects.bulk_create(batch)
