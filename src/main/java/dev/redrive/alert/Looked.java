package dev.redrive.alert;

import java.util.List;
import java.util.Set;

/**
 * What was found when somebody looked.
 *
 * @param holding for whom the condition holds
 * @param unknown names of clusters of which nothing can be said now
 */
record Looked(List<AlertNotice> holding, Set<String> unknown) {

    Looked {
        holding = List.copyOf(holding);
        unknown = Set.copyOf(unknown);
    }

    static Looked all(List<AlertNotice> holding) {
        return new Looked(holding, Set.of());
    }
}
