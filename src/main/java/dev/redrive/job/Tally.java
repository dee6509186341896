package dev.redrive.job;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is in a scope: how many letters, of which topics and statuses. Filled while the scope is walked. */
final class Tally {

    private static final int SAMPLE = 5;

    private final Map<String, Long> byTopic = new LinkedHashMap<>();
    private final Map<String, Long> byStatus = new LinkedHashMap<>();
    private final List<Long> sample = new ArrayList<>();
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

    void show(List<Long> ids) {
        ids.stream().limit(SAMPLE - (long) sample.size()).forEach(sample::add);
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

    /** A few of the newest letters. */
    List<Long> sample() {
        return sample;
    }
}
