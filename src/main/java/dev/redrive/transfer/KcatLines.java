package dev.redrive.transfer;

import static java.util.Objects.requireNonNull;

import dev.redrive.letter.Header;
import dev.redrive.letter.Storage;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A bash script that sends the letters with kcat 1.7, byte for byte. A letter of which kcat cannot send exactly the
 * bytes is left out, and a comment says why. Bytes of a letter get into the script as base64 and as octal escapes only.
 */
final class KcatLines implements ExportLines {

    /** An argument of a program may have 128 KiB on Linux, all of them 2 MiB at most. */
    private static final int MOST_HEADER_BYTES = 100_000;

    private static final int MOST_HEADERS_BYTES = 500_000;

    private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(76, new byte[] {'\n'});

    /** Stands between a key and its value; nobody can guess it, so no record holds it. */
    private final String keyEnd = "redrive-key-" + UUID.randomUUID();

    private final String recordEnd = "redrive-record-" + UUID.randomUUID();

    @Override
    public Buffer head(String q) {
        return Buffer.buffer("""
                #!/usr/bin/env bash
                # Dead letters for kcat 1.7 or newer, key, value and headers as they were read; timestamps are new.
                #   REDRIVE_BROKERS=localhost:9092 REDRIVE_TOPIC=orders bash FILE
                # Further options of kcat, such as -X security.protocol=SSL, are arguments of this script.
                # A letter that kcat cannot send exactly is left out, see LEFT OUT. The last line says whether the file is whole.
                set -euo pipefail
                : "${REDRIVE_BROKERS:?such as localhost:9092}" "${REDRIVE_TOPIC:?the topic to send to}"
                tail -n 1 -- "$0" | grep -q '^# end letters=' || { echo "This file was cut; nothing was sent" >&2; exit 1; }
                options=("$@")
                decode() { base64 -d; }
                send() {
                  "${KCAT:-kcat}" -P -b "$REDRIVE_BROKERS" -t "$REDRIVE_TOPIC" -X message.max.bytes=100000000 \\
                    -K '%s' -D '%s' ${options[@]+"${options[@]}"} "$@"
                }
                """.formatted(keyEnd, recordEnd));
    }

    @Override
    public Buffer begin(ExportedLetter letter) {
        var script = new StringBuilder("\n# ").append(place(letter)).append('\n');
        var obstacle = obstacle(letter);
        if (obstacle != null) {
            return Buffer.buffer(
                    script.append("# LEFT OUT: ").append(obstacle).append('\n').toString());
        }
        var key = letter.key();
        var front = Buffer.buffer();
        if (key != null) {
            front.appendBuffer(key);
        }
        script.append("{ decode <<'END_'\n");
        script.append(BASE64.encodeToString(front.appendString(keyEnd).getBytes()));
        script.append("\nEND_\ndecode <<'END_'\n");
        var value = letter.inlineValue();
        if (value != null && value.length() > 0) {
            script.append(BASE64.encodeToString(value.getBytes())).append('\n');
        }
        return Buffer.buffer(script.toString());
    }

    @Override
    public boolean takesPieces(ExportedLetter letter) {
        return letter.storage() == Storage.CHUNKED && obstacle(letter) == null;
    }

    @Override
    public Buffer piece(int no, Buffer bytes) {
        return Buffer.buffer(BASE64.encodeToString(bytes.getBytes()) + "\n");
    }

    @Override
    public Buffer end(ExportedLetter letter) {
        if (obstacle(letter) != null) {
            return Buffer.buffer();
        }
        var script = new StringBuilder("END_\n} | send");
        if (letter.key() == null || letter.valueSize() == null) {
            // Turns what is empty into null, see obstacle().
            script.append(" -Z");
        }
        for (var header : requireNonNull(letter.headers())) {
            script.append(" -H ").append(quoted(argument(header)));
        }
        return Buffer.buffer(script.append('\n').toString());
    }

    @Override
    public Buffer trailer(long letters, String sha256) {
        return Buffer.buffer("# end letters=" + letters + " sha256=" + sha256 + "\n");
    }

    /** Nothing but our own words and numbers, and characters that a topic's name may have. */
    private static String place(ExportedLetter letter) {
        var row = letter.row();
        return "letter " + letter.id() + " of " + row.getString("topic").replaceAll("[^A-Za-z0-9._-]", "?")
                + " partition " + row.getInteger("kafka_partition") + " offset " + row.getLong("kafka_offset");
    }

    /** @return why kcat cannot send these bytes, null where it can */
    private static @Nullable String obstacle(ExportedLetter letter) {
        var headers = letter.headers();
        if (letter.storage() == Storage.POINTER || headers == null) {
            return "Redrive does not hold its bytes";
        }
        boolean noKey = letter.key() == null;
        boolean noValue = letter.valueSize() == null;
        boolean emptyKey = !noKey && requireNonNull(letter.key()).length() == 0;
        boolean emptyValue = !noValue && requireNonNull(letter.valueSize()) == 0;
        if ((noKey && emptyValue) || (emptyKey && noValue)) {
            return "kcat cannot tell null from empty where a record has both";
        }
        int all = 0;
        for (var header : headers) {
            int bytes = argument(header).length();
            all += bytes;
            if (bytes > MOST_HEADER_BYTES || all > MOST_HEADERS_BYTES) {
                return "its headers are too long for a command line";
            }
            if (header.name().isEmpty() || header.name().indexOf('=') >= 0 || holdsNul(argument(header))) {
                return "kcat has no header with an empty name, a name with =, or a NUL";
            }
        }
        return null;
    }

    private static boolean holdsNul(Buffer bytes) {
        for (int at = 0; at < bytes.length(); at++) {
            if (bytes.getByte(at) == 0) {
                return true;
            }
        }
        return false;
    }

    /** {@code name=value}, and {@code name} alone for a null value. */
    private static Buffer argument(Header header) {
        var argument = Buffer.buffer(header.name().getBytes(StandardCharsets.UTF_8));
        var value = header.value();
        return value == null ? argument : argument.appendString("=").appendBuffer(value);
    }

    /** Letters and digits as they are, every other byte as an octal escape. */
    static String quoted(Buffer bytes) {
        var quoted = new StringBuilder("$'");
        for (int at = 0; at < bytes.length(); at++) {
            int octet = bytes.getUnsignedByte(at);
            boolean plain = octet < 0x80 && Character.isLetterOrDigit(octet);
            quoted.append(plain ? Character.toString(octet) : "\\%03o".formatted(octet));
        }
        return quoted.append('\'').toString();
    }
}
