"""The content hash of a table: canonical values, the same whatever wrote them. Files and batches do not belong here."""

import hashlib

import pyarrow as pa
import pyarrow.compute as pc


def content_hash(table: pa.Table) -> str:
    """Hex sha256 over a table sorted by its key: names, types, validity and values column by column.

    Arrow's own bytes are not canonical (values under a null differ), so nulls are filled before their bytes are read.
    """
    state = hashlib.sha256(str(table.num_rows).encode())
    for name in table.column_names:
        column = table[name].combine_chunks()
        array = column if isinstance(column, pa.Array) else pa.concat_arrays(column.chunks)
        state.update(f"|{name}|{array.type}|".encode())
        state.update(pc.is_valid(array).cast(pa.uint8()).to_numpy(zero_copy_only=False).tobytes())
        for part in _values(array):
            state.update(part)
    return state.hexdigest()


def _values(array: pa.Array) -> list[bytes]:
    if pa.types.is_string(array.type):
        filled = pc.fill_null(array, "")
        lengths = pc.binary_length(filled).to_numpy(zero_copy_only=False).astype("<i8")
        return [lengths.tobytes(), "".join(filled.to_pylist()).encode()]
    if pa.types.is_decimal(array.type):
        whole = pa.concat_arrays([pc.fill_null(array, pa.scalar(0, array.type))])
        start = whole.offset * 16
        return [whole.buffers()[1].to_pybytes()[start : start + len(whole) * 16]]
    if pa.types.is_boolean(array.type):
        return [pc.fill_null(array, pa.scalar(False)).cast(pa.uint8()).to_numpy(zero_copy_only=False).tobytes()]
    if pa.types.is_floating(array.type):
        return [(pc.fill_null(array, 0.0).to_numpy(zero_copy_only=False) + 0.0).astype("<f8").tobytes()]
    return [pc.fill_null(array.cast(pa.int64() if array.type != pa.date32() else pa.int32()), 0).to_numpy().tobytes()]
