package dev.redrive.job;

import java.util.LinkedHashMap;
import java.util.Map;

/** What is in a scope: how many letters, of which topics and statuses. Filled while the scope is walked. */
final class Tally {

    private final Map<String, Long> byTopic = new LinkedHashMap<>();
    private final Map<String, Long> byStatus = new LinkedHashMap<>();
    private long letters;
    private boolean exact = true;

    /** Of a count that stopped early. */
    static Tally atLeast(long letters) {
        var tally = new Tally();
        tally.letters = letters;
        tally.exact = false;
        return tally;
    }

    void add(String topic, String status, long count) {
        byTopic.merge(topic, count, Long::sum);
        byStatus.merge(status, count, Long::sum);
        letters += count;
    }

    void stoppedEarly() {
        exact = false;
    }

    long letters() {
        return letters;
    }

    /** False where counting stopped, so that there may be more. */
    boolean isExact() {
        return exact;
    }

    Map<String, Long> byTopic() {
        return byTopic;
    }

    Map<String, Long> byStatus() {
        return byStatus;
    }
}
