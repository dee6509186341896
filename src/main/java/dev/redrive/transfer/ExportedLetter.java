package dev.redrive.transfer;

import static java.util.Objects.requireNonNull;

import dev.redrive.letter.Content;
import dev.redrive.letter.ContentCodec;
import dev.redrive.letter.Header;
import dev.redrive.letter.HeaderCodec;
import dev.redrive.letter.StackTraceText;
import dev.redrive.letter.Storage;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A letter on its way out.
 *
 * @param row of {@link ExportStore}
 * @param headers null where the letter holds no bytes
 * @param stackTrace UTF-8, null where there is none
 * @param unwrapped what an envelope held
 */
record ExportedLetter(
        Row row,
        @Nullable List<Header> headers,
        @Nullable Buffer stackTrace,
        @Nullable Content unwrapped) {

    static ExportedLetter from(Row row) {
        @Nullable Buffer frames = row.getBuffer("frames");
        var trace = frames == null ? null : StackTraceText.join(frames, row.getBuffer("trace_messages"));
        @Nullable Buffer headers = row.getBuffer("headers");
        @Nullable Buffer unwrapped = row.getBuffer("unwrapped");
        return new ExportedLetter(
                row,
                headers == null ? null : HeaderCodec.decode(headers, trace),
                trace,
                unwrapped == null ? null : ContentCodec.decode(unwrapped));
    }

    long id() {
        return row.getLong("id");
    }

    Storage storage() {
        return Storage.of(row.getString("storage"));
    }

    @Nullable
    Buffer key() {
        return row.getBuffer("key");
    }

    /** The value where it lies in the row; null for a tombstone, and where it lies in pieces or nowhere. */
    @Nullable
    Buffer inlineValue() {
        return row.getBuffer("value");
    }

    /** Bytes of the value, null for a tombstone. */
    @Nullable
    Long valueSize() {
        return row.getLong("value_size");
    }

    /** Pieces as {@link ExportStore#piece} gives them; 0 unless the value lies in pieces. */
    int pieces() {
        return storage() == Storage.CHUNKED
                ? Math.toIntExact((requireNonNull(valueSize()) + ExportStore.PIECE_BYTES - 1) / ExportStore.PIECE_BYTES)
                : 0;
    }
}
