package dev.redrive.http;

import java.util.Set;

/** Operations of the contract that are still being built; they answer 503. */
final class Unserved {

    static final Set<String> OPERATIONS = Set.of(
            "getDraft",
            "putDraft",
            "deleteDraft",
            "diffDraft",
            "checkReplay",
            "replayDeadLetter",
            "listReplays",
            "getReplay",
            "decideReplay",
            "cancelReplay",
            "listFailureGroups",
            "getFailureGroup",
            "listDeliveries",
            "fetchSource");

    private Unserved() {}
}
