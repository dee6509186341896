package dev.redrive.convention;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Text of headers and envelopes, made safe for Postgres: UTF-8 with replacement, without U+0000. */
final class Text {
    private static final Pattern LEGAL_TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]++");

    private Text() {}

    static @Nullable String of(@Nullable Buffer bytes) {
        return bytes == null ? null : clean(new String(bytes.getBytes(), StandardCharsets.UTF_8));
    }

    /** Postgres refuses U+0000 in text and jsonb. */
    static String clean(String text) {
        return text.replace('\0', '\uFFFD');
    }

    /** The text if it may name a topic (org.apache.kafka.common.internals.Topic), else null. */
    static @Nullable String topic(@Nullable String text) {
        return text != null && LEGAL_TOPIC.matcher(text).matches() && !text.equals(".") && !text.equals("..")
                ? text
                : null;
    }

    static boolean isDecimal(@Nullable String text) {
        return text != null && DECIMAL.matcher(text).matches();
    }

    /** A decimal number of 0 or more; negative ones mean unknown. */
    static @Nullable Long decimal(@Nullable String text) {
        if (text == null || !isDecimal(text)) {
            return null;
        }
        try {
            long number = Long.parseLong(text);
            return number < 0 ? null : (Long) number;
        } catch (NumberFormatException beyondLong) {
            return null;
        }
    }

    /** ISO 8601 with an offset or Z, to ms since the epoch. */
    static @Nullable Long time(@Nullable String text) {
        if (text == null || text.length() > 64) {
            return null;
        }
        try {
            long millis = OffsetDateTime.parse(text).toInstant().toEpochMilli();
            return millis < 0 ? null : (Long) millis;
        } catch (DateTimeException | ArithmeticException notATime) {
            return null;
        }
    }
}
