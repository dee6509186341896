package dev.redrive.grouping;

import dev.redrive.grouping.Fingerprint.Part;
import dev.redrive.letter.Reading;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds what makes two failures the same. */
public final class Fingerprinter {

    /** Version of the rules; a change of any rule that moves a real failure to another group raises it. */
    public static final int VERSION = 1;

    private static final int TITLE_CHARS = 200;
    private static final int MESSAGE_CHARS = 500;

    private Fingerprinter() {}

    /** Pure and total: any thread, never throws, time and memory bounded whatever the failure holds. */
    public static Fingerprint of(String deadLetterTopic, Reading reading) {
        var failure = reading.failure();
        var origin = reading.origin();
        var parts = new ArrayList<Part>();
        parts.add(new Part("topic", origin.topic() == null ? deadLetterTopic : origin.topic()));
        String exception = failure.causeClass() == null ? failure.exceptionClass() : failure.causeClass();
        add(parts, "consumerGroup", origin.consumerGroup());
        add(parts, "exception", exception);
        add(parts, "message", failure.message());
        String title = exception == null ? "Unknown failure" : exception.substring(exception.lastIndexOf('.') + 1);
        return new Fingerprint(
                VERSION,
                hash(parts),
                bounded(title, TITLE_CHARS),
                failure.message() == null ? null : bounded(failure.message(), MESSAGE_CHARS),
                null,
                parts);
    }

    private static void add(List<Part> parts, String name, @Nullable String value) {
        if (value != null) {
            parts.add(new Part(name, bounded(value, MESSAGE_CHARS)));
        }
    }

    private static String bounded(String text, int chars) {
        return text.length() <= chars ? text : text.substring(0, chars);
    }

    private static Buffer hash(List<Part> parts) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (var part : parts) {
                digest.update((part.name() + '\0' + part.value() + '\0').getBytes(StandardCharsets.UTF_8));
            }
            return Buffer.buffer(16).appendByte((byte) VERSION).appendBytes(digest.digest(), 0, 15);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
