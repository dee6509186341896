package dev.redrive.replay;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What somebody should know of letters before they are sent again. The words are those of the contract. */
enum Warning {
    NEWER_KEY("There is a newer letter with the same key", "has a newer letter of its key"),
    NEWER_RECORD(
            "Their target holds a newer record with the same key; they would come behind it",
            "has a newer record of its key in its target"),
    EARLIER_KEY("An earlier letter of the same key is open and not among them; they would overtake it", null),
    OTHER_PARTITION(
            "They go to another partition than they came from: their topic has another number of partitions now, or their producer chose by something else than the key",
            "would go to another partition than it came from"),
    TOO_LARGE("Larger than their target takes; they will fail", "is larger than its target takes"),
    COMPACTED("Their target is compacted: each becomes the newest record of its key", "would go to a compacted topic"),
    READERS(
            "More than one consumer group reads their target; every one of them sees the records again",
            "would be seen by more than one consumer group");

    private final String detail;
    private final @Nullable String leftOut;

    Warning(String detail, @Nullable String leftOut) {
        this.detail = detail;
        this.leftOut = leftOut;
    }

    /** @return empty for what is none, and for what a job cannot leave out by itself */
    static Optional<Warning> avoidable(String word) {
        return avoidable().filter(each -> each.word().equals(word)).findFirst();
    }

    /** Those whose letters a job can leave out: what is true of a letter whatever becomes of the others. */
    static Stream<Warning> avoidable() {
        return Stream.of(values()).filter(each -> each.leftOut != null);
    }

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A sentence without its full stop. */
    String detail() {
        return detail;
    }

    /** The end of the sentence "Left out, because it …". */
    String leftOut() {
        return String.valueOf(leftOut);
    }
}
