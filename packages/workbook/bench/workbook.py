"""Writes the cells on stdin with XlsxWriter; prints its name and the milliseconds it took, as JSON.

A line is a row: a JSON list of [value, Excel number format]. They are read before the clock starts.
"""

import json
import sys
import tempfile
import time

import xlsxwriter

rows = [json.loads(line) for line in sys.stdin]
with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
    start = time.perf_counter()
    workbook = xlsxwriter.Workbook(file.name, {"constant_memory": True})
    sheet = workbook.add_worksheet("Runs")
    formats = {}
    for number, row in enumerate(rows):
        for column, (value, code) in enumerate(row):
            style = formats.get(code)
            if style is None:
                style = formats[code] = workbook.add_format({"num_format": code, "bottom": 1, "indent": 1})
            if value is None:
                sheet.write_blank(number, column, None, style)
            elif isinstance(value, str):
                sheet.write_string(number, column, value, style)
            else:
                sheet.write_number(number, column, value, style)
    workbook.close()
    seconds = time.perf_counter() - start
name = f"XlsxWriter {xlsxwriter.__version__}, constant memory"
print(json.dumps({"name": name, "ms": seconds * 1000}))
