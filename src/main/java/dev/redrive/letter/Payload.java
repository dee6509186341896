package dev.redrive.letter;

/** Whether the dead letter holds the bytes that failed. */
public enum Payload {
    /** Key and value (or the envelope around them) are those of the record that failed. */
    PRESENT,
    /** Only coordinates were written; null key and value are not a tombstone. */
    ABSENT,
    /** The value is a report about the failure, not the record. */
    REPORT;

    /** The word used in the API and in the database. */
    public String word() {
        return switch (this) {
            case PRESENT -> "present";
            case ABSENT -> "absent";
            case REPORT -> "report";
        };
    }
}
