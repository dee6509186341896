package dev.redrive.transfer;

import dev.redrive.http.Times;
import dev.redrive.letter.Storage;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Chosen columns for spreadsheets (RFC 4180, every cell in quotes). A payload is hostile: a cell that a spreadsheet
 * would calculate begins with an apostrophe, and what cannot be printed is replaced.
 */
final class CsvLines implements ExportLines {

    private static final Map<String, Function<ExportedLetter, @Nullable Object>> COLUMNS = columns();

    static final List<String> DEFAULT =
            COLUMNS.keySet().stream().filter(name -> !name.equals("value")).toList();

    /** What Excel, LibreOffice or Sheets take for the beginning of a formula, also in their full-width forms. */
    private static final String FORMULA = "=+-@\uFF1D\uFF0B\uFF0D\uFF20|%";

    private final List<String> columns;

    /** @param columns known ones, see {@link #isColumn} */
    CsvLines(List<String> columns) {
        this.columns = List.copyOf(columns);
    }

    static boolean isColumn(String name) {
        return COLUMNS.containsKey(name);
    }

    private static Map<String, Function<ExportedLetter, @Nullable Object>> columns() {
        var columns = new LinkedHashMap<String, Function<ExportedLetter, @Nullable Object>>();
        columns.put("id", letter -> letter.id());
        columns.put("status", text("status"));
        columns.put("topic", text("topic"));
        columns.put("partition", letter -> letter.row().getInteger("kafka_partition"));
        columns.put("offset", letter -> letter.row().getLong("kafka_offset"));
        columns.put("timestamp", letter -> Times.rfc3339(letter.row().getLong("kafka_timestamp")));
        columns.put("failedAt", time("failed_at"));
        columns.put("ingestedAt", time("ingested_at"));
        columns.put("origin", text("origin_topic"));
        columns.put("originPartition", letter -> letter.row().getInteger("origin_partition"));
        columns.put("originOffset", letter -> letter.row().getLong("origin_offset"));
        columns.put("consumerGroup", text("origin_group"));
        columns.put("class", text("exception_class"));
        columns.put("cause", text("cause_class"));
        columns.put("message", text("message"));
        columns.put("attempts", letter -> letter.row().getInteger("attempts"));
        columns.put("convention", text("convention"));
        columns.put("group", letter -> letter.row().getLong("failure_group_id"));
        columns.put("assignee", text("assignee"));
        columns.put("tags", letter -> String.join(" ", letter.row().getArrayOfStrings("tags")));
        columns.put("key", letter -> bytes(letter.key()));
        columns.put("valueSize", ExportedLetter::valueSize);
        columns.put(
                "value",
                letter -> letter.storage() == Storage.INLINE
                        ? bytes(letter.inlineValue())
                        : "(" + letter.valueSize() + " bytes, see "
                                + letter.storage().word() + ")");
        return columns;
    }

    private static Function<ExportedLetter, @Nullable Object> text(String column) {
        return letter -> letter.row().getString(column);
    }

    private static Function<ExportedLetter, @Nullable Object> time(String column) {
        return letter -> {
            Row row = letter.row();
            return Times.rfc3339(row.getOffsetDateTime(column));
        };
    }

    /** As text where it is UTF-8. */
    private static @Nullable String bytes(@Nullable Buffer bytes) {
        if (bytes == null) {
            return null;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.getBytes()))
                    .toString();
        } catch (CharacterCodingException noText) {
            return "base64:" + Base64.getEncoder().encodeToString(bytes.getBytes());
        }
    }

    @Override
    public Buffer head(String q) {
        return Buffer.buffer(columns.stream().map(CsvLines::cell).collect(Collectors.joining(",", "", "\r\n")));
    }

    @Override
    public Buffer begin(ExportedLetter letter) {
        return Buffer.buffer(columns.stream()
                .map(COLUMNS::get)
                .map(column -> column == null ? null : column.apply(letter))
                .map(CsvLines::cell)
                .collect(Collectors.joining(",", "", "\r\n")));
    }

    /** Numbers are ours; every text may be somebody else's. */
    static String cell(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof Number) {
            return value.toString();
        }
        var text = value.toString().replaceAll("[\\p{Cc}\\p{Cf}&&[^\\n\\r\\t]]", "\uFFFD");
        return '"' + (isFormula(text) ? "'" : "") + text.replace("\"", "\"\"") + '"';
    }

    /** Some programs skip spaces and quotes before they look. */
    private static boolean isFormula(String text) {
        for (int at = 0; at < text.length(); at++) {
            char character = text.charAt(at);
            if (character == '\t' || character == '\r' || character == '\n' || FORMULA.indexOf(character) >= 0) {
                return true;
            }
            boolean skipped = Character.isWhitespace(character)
                    || Character.isSpaceChar(character)
                    || character == '"'
                    || character == '\''
                    || character == '\uFFFD';
            if (!skipped) {
                return false;
            }
        }
        return false;
    }

    @Override
    public boolean takesPieces(ExportedLetter letter) {
        return false;
    }

    @Override
    public Buffer piece(int no, Buffer bytes) {
        return Buffer.buffer();
    }

    @Override
    public Buffer end(ExportedLetter letter) {
        return Buffer.buffer();
    }

    @Override
    public Buffer trailer(long letters, String sha256) {
        return Buffer.buffer("# end letters=" + letters + " sha256=" + sha256 + "\r\n");
    }
}
