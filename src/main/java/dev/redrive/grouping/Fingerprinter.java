package dev.redrive.grouping;

import dev.redrive.grouping.Fingerprint.Part;
import dev.redrive.letter.Failure;
import dev.redrive.letter.Reading;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds what makes two failures the same; docs/grouping.md has the rules. */
public final class Fingerprinter {

    /** Version of the rules; a change of any rule that moves a real failure to another group raises it. */
    public static final int VERSION = 5;

    private static final int TITLE_CHARS = 200;
    private static final int CULPRIT_CHARS = 200;
    private static final int PART_CHARS = 500;

    private Fingerprinter() {}

    /** Pure and total: any thread, never throws, time and memory bounded whatever the failure holds. */
    public static Fingerprint of(String deadLetterTopic, Reading reading) {
        var failure = reading.failure();
        var origin = reading.origin();
        var root = RootCause.of(failure, chain(failure));
        var parts = new ArrayList<Part>();
        add(parts, "topic", origin.topic() == null ? deadLetterTopic : origin.topic());
        add(parts, "consumerGroup", origin.consumerGroup());
        int scope = parts.size();
        String message = message(root, failure);
        var place = cause(parts, root, message);
        if (parts.size() == scope) {
            add(parts, "convention", reading.convention());
        }
        String title = StoredText.bounded(shown(root.type()), TITLE_CHARS);
        return new Fingerprint(
                VERSION,
                hash(parts),
                title.isBlank() ? StoredText.bounded(untitled(message), TITLE_CHARS) : title,
                message.isEmpty() ? null : message,
                place.isEmpty() ? null : StoredText.bounded(place.get(0).shortName(), CULPRIT_CHARS),
                parts);
    }

    private static List<Thrown> chain(Failure failure) {
        return failure.stackTrace() == null ? List.of() : TraceDialect.read(TraceText.lines(failure.stackTrace()));
    }

    /** Adds what the root cause says; returns the frames that stand for its place. */
    private static List<Frame> cause(List<Part> parts, RootCause root, String message) {
        String uninitialised = root.uninitialisedClass();
        if (uninitialised != null) {
            add(parts, "uninitialisedClass", uninitialised);
            return List.of();
        }
        var cycle = root.endless() ? Place.cycle(root.frames()) : List.<String>of();
        var place = Place.of(root.chain(), root.index());
        add(parts, "exception", root.type());
        if (!cycle.isEmpty()) {
            cycle.forEach(function -> add(parts, "recursion", function));
            return place;
        }
        var field = field(root);
        if (field != null && field.document() != null) {
            add(parts, "document", field.document());
            add(parts, "field", field.path());
            return place;
        }
        String status = MessageFacts.status(message);
        if (named(
                parts,
                root,
                message,
                Wording.ofClient(root.type(), root.frames()) && !place.isEmpty() ? null : status)) {
            return place;
        }
        place.forEach(frame -> add(parts, "frame", frame.function()));
        add(parts, "httpStatus", status);
        add(parts, "field", field == null ? null : field.path());
        add(parts, "endpoint", place.isEmpty() && status != null ? Endpoint.in(root.message()) : null);
        boolean told = !place.isEmpty() || Wording.onlyNamesHost(root.type());
        if (!told || Wording.counts(root.type(), root.message(), root.frames(), status)) {
            add(parts, "message", MessageShape.of(message));
        }
        return place;
    }

    /**
     * Adds what the message itself names so well that the place says nothing more, so that a failure has the same
     * fingerprint with its trace and without: a class of own code that the record was to become, an endpoint and its
     * answer, or what a decoder made of the topic's bytes.
     */
    private static boolean named(List<Part> parts, RootCause root, String message, @Nullable String status) {
        String words = Essence.of(root.message());
        String document = Refusal.document(words);
        if (document != null) {
            add(parts, "document", document);
            add(parts, "refused", Refusal.words(words));
            return true;
        }
        String endpoint = status == null || Wording.ofLibrary(root.type()) ? null : Endpoint.in(root.message());
        if (endpoint != null) {
            add(parts, "httpStatus", status);
            add(parts, "endpoint", endpoint);
            return true;
        }
        boolean bytes = Wording.aboutBytes(root.type()) && !message.isEmpty();
        add(parts, "message", bytes ? MessageShape.of(message) : null);
        return bytes;
    }

    private static String message(RootCause root, Failure failure) {
        String text = root.message();
        if (text.isBlank()
                && root.type() == null
                && failure.stackTrace() != null
                && root.chain().isEmpty()) {
            var lines = TraceText.lines(failure.stackTrace());
            text = lines.isEmpty() ? "" : lines.get(0);
        }
        String normalised = text.strip().equals("null") ? "" : MessageText.normalise(text);
        boolean violations = root.type() != null && root.type().endsWith("ConstraintViolationException");
        return violations ? MessageShape.sorted(normalised) : normalised;
    }

    /** The field may be named by the decoder's exception, with the reason as its cause. */
    private static MessageFacts.@Nullable Field field(RootCause root) {
        var field = MessageFacts.field(root.message());
        for (int i = root.index(); i >= 0 && field == null; i--) {
            field = MessageFacts.field(root.chain().get(i).message());
        }
        return field;
    }

    private static String shown(@Nullable String type) {
        return type == null ? "" : RootCause.simple(type).replace('$', '.');
    }

    private static String untitled(String message) {
        return message.isEmpty() ? "Unknown failure" : message;
    }

    private static void add(List<Part> parts, String name, @Nullable String value) {
        if (value != null && !value.isBlank()) {
            parts.add(new Part(name, StoredText.bounded(value, PART_CHARS)));
        }
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
