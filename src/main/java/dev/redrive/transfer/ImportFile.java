package dev.redrive.transfer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.redrive.Sha256;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.jackson.JacksonCodec;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the lines of an export in their order. Not thread-safe, but may move from thread to thread between lines. */
final class ImportFile {

    private static final int MOST_ERRORS_TOLD = 100;

    /** What an envelope held is one text of its line, longer than parsers take by default; the line itself is bounded. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final long mostValueBytes;
    private final MessageDigest digest = Sha256.begin();
    private final List<ImportedLetter> letters = new ArrayList<>();
    private final JsonArray errors = new JsonArray();
    private long lines;
    private long read;
    private long failed;
    private boolean complete;

    /** The letter whose pieces are awaited; null where none are, or where it was refused. */
    private @Nullable Fields open;

    private long openLine;
    private int missing;
    private Buffer value = Buffer.buffer();

    /** @param mostValueBytes of one letter */
    ImportFile(long mostValueBytes) {
        this.mostValueBytes = mostValueBytes;
    }

    /** @throws LineException where the first line is not that of an export; any other line is counted and told */
    void line(Buffer line) {
        lines++;
        if (lines == 1) {
            head(line);
        } else {
            try {
                complete = false;
                next(json(line), line);
            } catch (LineException wrong) {
                refuse(lines, wrong.getMessage());
                open = null;
            }
        }
        digest.update(line.getBytes());
        digest.update((byte) '\n');
    }

    private void head(Buffer line) {
        var frame = json(line).getValue(NdjsonLines.FRAME);
        if (!(frame instanceof JsonObject head)
                || !Integer.valueOf(NdjsonLines.VERSION).equals(head.getValue("version"))) {
            throw new LineException("The first line is not that of an export of version " + NdjsonLines.VERSION);
        }
    }

    static JsonObject json(Buffer line) {
        try (var parser = JSON.createParser(line.getBytes())) {
            if (JacksonCodec.fromParser(parser, Object.class) instanceof JsonObject object) {
                return object;
            }
        } catch (IOException | DecodeException noJson) {
            // Told below.
        }
        throw new LineException("The line is no JSON object");
    }

    private void next(JsonObject json, Buffer line) {
        if (json.containsKey("piece")) {
            piece(new Fields(json, ""));
            return;
        }
        if (missing > 0) {
            long cut = openLine;
            boolean told = open == null;
            missing = 0;
            if (!told) {
                refuse(cut, "Pieces of the value are missing");
            }
        }
        if (json.getValue(NdjsonLines.FRAME) instanceof JsonObject end) {
            var told = new Fields(end, NdjsonLines.FRAME + ".").maybeNumber("letters");
            complete = failed == 0
                    && Long.valueOf(read).equals(told)
                    && HexFormat.of().formatHex(digestSoFar()).equals(end.getValue("sha256"));
            return;
        }
        read++;
        var fields = new Fields(json, "");
        missing = fields.integer("pieces", 0);
        if (missing == 0) {
            letters.add(ImportedLetter.from(lines, fields, null));
            return;
        }
        open = fields;
        openLine = lines;
        value = Buffer.buffer();
    }

    private void piece(Fields fields) {
        if (missing == 0) {
            throw new LineException("A piece without its letter");
        }
        missing--;
        if (open == null) {
            return;
        }
        value.appendBuffer(fields.bytes("bytes"));
        if (value.length() > mostValueBytes) {
            throw new LineException("The value has more than " + mostValueBytes + " bytes");
        }
        if (missing == 0) {
            letters.add(ImportedLetter.from(openLine, open, value));
            open = null;
            value = Buffer.buffer();
        }
    }

    private byte[] digestSoFar() {
        try {
            return ((MessageDigest) digest.clone()).digest();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("The SHA-256 of every JDK can be cloned", e);
        }
    }

    void refuse(long line, @Nullable String detail) {
        failed++;
        if (errors.size() < MOST_ERRORS_TOLD) {
            errors.add(new JsonObject().put("line", line).put("detail", detail));
        }
    }

    /** What was read since the last call. */
    List<ImportedLetter> takeLetters() {
        var taken = List.copyOf(letters);
        letters.clear();
        return taken;
    }

    boolean isEmpty() {
        return lines == 0;
    }

    /** What was read, without what became of it. */
    JsonObject report() {
        return new JsonObject()
                .put("letters", read)
                .put("complete", complete)
                .put("failed", failed)
                .put("errors", errors.copy());
    }
}
