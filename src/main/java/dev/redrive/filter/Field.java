package dev.redrive.filter;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a term can ask about. Which of them a list knows is decided where the filter is compiled. */
public enum Field {
    TOPIC(Kind.TEXT),
    ORIGIN(Kind.TEXT),
    GROUP(Kind.NUMBER),
    CONSUMER(Kind.TEXT),
    STATUS(Kind.WORD, "open", "replaying", "replayed", "recovered", "returned", "discarded", "purged"),
    STATE(Kind.WORD, "new", "ongoing", "escalating", "regressed", "snoozed", "resolved"),
    OUTCOME(Kind.WORD, "sent", "recovered", "returned", "failed", "uncertain"),
    CLASS(Kind.TEXT),
    CAUSE(Kind.TEXT),
    ERROR(Kind.TEXT),
    LABEL(Kind.TEXT),
    KEY(Kind.TEXT),
    CONVENTION(Kind.TEXT),
    PARTITION(Kind.NUMBER),
    OFFSET(Kind.NUMBER),
    ATTEMPT(Kind.NUMBER),
    SIZE(Kind.SIZE),
    ID(Kind.NUMBER),
    TS(Kind.TIME),
    TAG(Kind.TEXT),
    ASSIGNEE(Kind.TEXT),
    TRACE(Kind.TEXT),
    JOB(Kind.TEXT),
    IS(
            Kind.WORD,
            "open",
            "replaying",
            "replayed",
            "recovered",
            "returned",
            "discarded",
            "purged",
            "new",
            "ongoing",
            "escalating",
            "regressed",
            "snoozed",
            "resolved",
            "loop",
            "edited",
            "binary",
            "oversize",
            "mine",
            "assigned"),
    HAS(
            Kind.WORD,
            "note",
            "draft",
            "trace",
            "stack",
            "key",
            "value",
            "payload",
            "parent",
            "tag",
            "assignee",
            "ticket",
            "runbook",
            "label"),
    /** Of alerts, as {@link #RULE} is. */
    SEVERITY(Kind.WORD, "critical", "error", "warning", "info"),
    RULE(Kind.TEXT),
    HEADER(Kind.TEXT),
    PAYLOAD(Kind.TEXT);

    /** How the values of a field are read. */
    public enum Kind {
        /** Exact, or the beginning where it ends in {@code *}. */
        TEXT,
        /** Whole numbers of 64 bits, compared and in ranges. */
        NUMBER,
        /** As numbers, in bytes, with the units B, kB, MB, KiB and MiB. */
        SIZE,
        /** RFC 3339 or a part of it, or an age such as 2h. */
        TIME,
        /** One of a few words. */
        WORD
    }

    private final Kind kind;
    private final Set<String> words;

    Field(Kind kind, String... words) {
        this.kind = kind;
        this.words = Set.of(words);
    }

    public Kind kind() {
        return kind;
    }

    /** As it is written, in lower case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What can be said about it; empty unless its kind is {@link Kind#WORD}. */
    public Set<String> words() {
        return words;
    }

    /** Whether it is written with a path: {@code header.traceparent}, {@code payload.order.id}. */
    public boolean hasPath() {
        return this == HEADER || this == PAYLOAD;
    }

    static Optional<Field> of(String written) {
        var word = Nearest.lower(written);
        return Arrays.stream(values())
                .filter(field -> field.word().equals(word))
                .findFirst();
    }

    static List<String> all() {
        return Arrays.stream(values()).map(Field::word).toList();
    }
}
