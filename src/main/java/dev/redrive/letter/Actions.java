package dev.redrive.letter;

import java.util.ArrayList;
import java.util.List;

/** What may be done with a letter in its present state, in the words of the contract. */
final class Actions {

    private Actions() {}

    /** By the status alone, as a conflict tells it. */
    static List<String> of(Status status) {
        return switch (status) {
            case OPEN -> List.of("edit", "replay", "discard");
            case DISCARDED -> List.of("restore");
            case REPLAYING, REPLAYED, RECOVERED, RETURNED, PURGED -> List.of();
        };
    }

    /**
     * @param sendable whether there is something to send: the letter's own bytes or a draft
     * @param fetchable whether the source record's coordinates are known and its bytes are not
     */
    static List<String> of(Status status, boolean sendable, boolean fetchable) {
        var actions = new ArrayList<>(of(status));
        if (!sendable) {
            actions.remove("replay");
        }
        if (fetchable && status != Status.PURGED) {
            actions.add("fetch");
        }
        return actions;
    }
}
