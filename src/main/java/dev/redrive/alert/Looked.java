package dev.redrive.alert;

import java.util.List;
import java.util.Set;

/**
 * What was found when somebody looked.
 *
 * @param holding for whom the condition holds
 * @param unknown names of clusters of which nothing can be said now
 * @param whole false where there are more than are named, so that nothing can be said of those that are missing
 */
record Looked(List<AlertNotice> holding, Set<String> unknown, boolean whole) {

    Looked {
        holding = List.copyOf(holding);
        unknown = Set.copyOf(unknown);
    }

    static Looked all(List<AlertNotice> holding) {
        return new Looked(holding, Set.of(), true);
    }

    /** @param most what was asked for, and one more where there are more */
    static Looked upTo(int most, List<AlertNotice> holding) {
        return new Looked(holding, Set.of(), holding.size() <= most);
    }
}
