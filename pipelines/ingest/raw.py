from pathlib import Path
import duckdb
from pipelines.contracts import Contracts, Table
def create_tables(connection: duckdb.DuckDBPyConnection, contracts: Contracts) -> None:
    for table in contracts.tables:
        columns = ", ".join(f'"{c.name}" {c.type}' for c in table.columns)
        row_key = "_row_key varchar, " if table.has_row_key else ""
        connection.execute(f"create schema if not exists {table.source}")
        connection.execute(f"create table if not exists {table.qualified} ({columns}, {row_key}_exported_at timestamp, _file_id varchar, _row_number bigint, _is_deleted boolean)")
    connection.execute("create schema if not exists registry")
    connection.execute("create table if not exists registry.files (file_id varchar, sha256 varchar, source varchar, table_name varchar, name varchar, exported_at timestamp, exported_at_from varchar, loaded_at timestamp, status varchar, rows_read bigint, loaded bigint, unchanged bigint, duplicate bigint, rejected bigint, excluded bigint, skipped bigint, rounded bigint, deleted bigint, encoding varchar, notes varchar)")
    connection.execute("create table if not exists registry.rejects (file_id varchar, record bigint, line bigint, column_name varchar, value varchar, reason varchar, raw_row varchar[])")
