package dev.redrive.replay;

import dev.redrive.job.Work.Left;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What a job that replays would do, added up a page of letters after the other. */
final class Preview {

    private static final int SAMPLE = 5;

    record Place(String cluster, String topic) {}

    /** Letters that go to one topic. */
    private record Bound(TargetTopics.Topic topic, long letters) {

        Bound and(Bound more) {
            return new Bound(more.topic, letters + more.letters);
        }
    }

    private final Map<Place, Bound> targets = new LinkedHashMap<>();
    private final Map<String, List<Left>> leftOut = new TreeMap<>();
    private final Map<String, Long> leftOutLetters = new TreeMap<>();
    private final Set<RetryTopics.Source> sources = new LinkedHashSet<>();
    private final Map<Warning, Long> warned = new EnumMap<>(Warning.class);
    /** Letters that follow an open one which was not met yet, by that one. */
    private final Map<Long, Long> behind = new HashMap<>();

    private long lowest = Long.MAX_VALUE;
    private long looked;
    private long keyed;
    private long comparedLetters;
    private int newest = Integer.MAX_VALUE;
    private boolean complete = true;
    private final List<Sorting.Going> first = new ArrayList<>();
    private boolean all = true;

    /**
     * @param warnings letters of which each is true
     * @param earlier by letter the latest open one before it that has its key and origin
     * @param compared with the newest records of their targets
     */
    void add(
            Sorting sorting,
            Map<Warning, Set<Long>> warnings,
            Map<Long, Long> earlier,
            NewerRecords.Compared compared) {
        warned.merge(Warning.NEWER_RECORD, (long) compared.newer().size(), Long::sum);
        keyed += compared.letters().size();
        comparedLetters += compared.letters().size() - compared.unknown().size();
        var fewest = compared.newest();
        newest = fewest == null ? newest : Math.min(newest, fewest);
        warnings.forEach((warning, letters) -> warned.merge(warning, (long) letters.size(), Long::sum));
        // From the highest letter down, so whom a letter follows comes with it or later.
        earlier.values().forEach(letter -> behind.merge(letter, 1L, Long::sum));
        sorting.goingIds().forEach(behind::remove);
        looked += sorting.going().size() + sorting.left().size();
        for (var going : sorting.going()) {
            note(going.letter());
            if (!sorting.sendsDraft(going.letter())) {
                all &= first.size() < TransformPreview.MOST;
                if (first.size() < TransformPreview.MOST) {
                    first.add(going);
                }
            }
            targets.merge(
                    new Place(going.letter().cluster(), going.topic().name()), new Bound(going.topic(), 1), Bound::and);
            lowest = Math.min(lowest, going.letter().id());
        }
        for (var left : sorting.left()) {
            leftOutLetters.merge(left.why(), 1L, Long::sum);
            var sample = leftOut.computeIfAbsent(left.why(), why -> new ArrayList<>());
            if (sample.size() < SAMPLE) {
                sample.add(left);
            }
        }
    }

    /** The first of those that go as they are or as a program makes them. */
    List<Sorting.Going> first() {
        return List.copyOf(first);
    }

    /** Whether {@link #first} is all of them. */
    boolean hasAll() {
        return all && complete;
    }

    /** More than one is as good as many: a job has one target. */
    private void note(GatherStore.Meant letter) {
        if (letter.originTopic() != null && sources.size() < 2) {
            sources.add(new RetryTopics.Source(
                    letter.cluster(), letter.originTopic(), letter.consumerGroup(), letter.convention()));
        }
    }

    /** Where all letters came from and who refused them; empty where that is not one. */
    Optional<RetryTopics.Source> source() {
        return sources.size() == 1 ? sources.stream().findFirst() : Optional.empty();
    }

    void stoppedEarly() {
        complete = false;
    }

    long looked() {
        return looked;
    }

    Collection<Place> places() {
        return targets.keySet();
    }

    /**
     * @param groups that read each target; a target that is missing is one of which Kafka does not tell
     * @param retryTopics of the one group that refused all letters
     */
    JsonObject toJson(Map<Place, List<String>> groups, List<RetryTopics.Offer> retryTopics) {
        long willSend = targets.values().stream().mapToLong(Bound::letters).sum();
        return new JsonObject()
                .put("looked", new JsonObject().put("value", looked).put("relation", complete ? "eq" : "gte"))
                .put("willSend", willSend)
                .put("leftOut", leftOutJson())
                .put("targets", targetsJson(groups))
                .put("retryTopics", RetryTopics.toJson(retryTopics))
                .put(
                        "compared",
                        new JsonObject()
                                .put("letters", comparedLetters)
                                .put("of", keyed)
                                .put("newest", newest == Integer.MAX_VALUE ? 0 : newest))
                .put("warnings", warnings(groups));
    }

    private JsonArray leftOutJson() {
        var array = new JsonArray();
        leftOut.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(
                        (a, b) -> Long.compare(leftOutLetters.getOrDefault(b, 0L), leftOutLetters.getOrDefault(a, 0L))))
                .forEach(entry -> array.add(new JsonObject()
                        .put("why", entry.getKey())
                        .put("letters", leftOutLetters.get(entry.getKey()))
                        .put(
                                "sample",
                                new JsonArray(entry.getValue().stream()
                                        .map(left -> Long.toString(left.letterId()))
                                        .toList()))));
        return array;
    }

    private JsonArray targetsJson(Map<Place, List<String>> groups) {
        var array = new JsonArray();
        targets.entrySet().stream()
                .sorted((a, b) ->
                        Long.compare(b.getValue().letters(), a.getValue().letters()))
                .forEach(entry -> {
                    var readers = groups.get(entry.getKey());
                    array.add(new JsonObject()
                            .put("cluster", entry.getKey().cluster())
                            .put("topic", entry.getKey().topic())
                            .put("letters", entry.getValue().letters())
                            .put("partitions", entry.getValue().topic().partitions())
                            .put("compacted", entry.getValue().topic().compacted())
                            .put("groups", readers == null ? null : new JsonArray(readers)));
                });
        return array;
    }

    private JsonArray warnings(Map<Place, List<String>> groups) {
        warned.put(
                Warning.READERS,
                letters(entry -> groups.getOrDefault(entry.getKey(), List.of()).size() > 1));
        warned.put(Warning.EARLIER_KEY, overtaking());
        var array = new JsonArray();
        warned.forEach((warning, letters) -> {
            if (letters > 0) {
                array.add(new JsonObject()
                        .put("kind", warning.word())
                        .put("letters", letters)
                        .put("detail", warning.detail()));
            }
        });
        return array;
    }

    /** Where it did not come to the end, what lies further down may be meant as well. */
    private long overtaking() {
        return behind.entrySet().stream()
                .filter(entry -> complete || entry.getKey() > lowest)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private long letters(Predicate<Map.Entry<Place, Bound>> which) {
        return targets.entrySet().stream()
                .filter(which)
                .mapToLong(entry -> entry.getValue().letters())
                .sum();
    }
}
