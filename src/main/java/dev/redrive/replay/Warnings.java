package dev.redrive.replay;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Finds out of which letters a warning is true, the same for whoever asks before and for the job that leaves them out. */
final class Warnings {

    private final JobTargets targets;

    Warnings(JobTargets targets) {
        this.targets = targets;
    }

    /** Takes out what the job does not want; fails when Kafka does not say who reads a target. */
    Future<Void> leaveOut(SqlConnection connection, Sorting sorting, Set<Warning> unwanted) {
        var all = Future.<Void>succeededFuture();
        for (var warning : unwanted) {
            all = all.compose(before -> of(connection, warning, sorting))
                    .onSuccess(letters -> takeOut(sorting, warning, letters))
                    .mapEmpty();
        }
        return all;
    }

    private static void takeOut(Sorting sorting, Warning warning, Set<Long> letters) {
        for (var going : List.copyOf(sorting.going())) {
            if (letters.contains(going.letter().id())) {
                sorting.takeOut(going, warning.leftOut());
            }
        }
    }

    /** @return of those that go, by what is known without Kafka; who reads a target is another question */
    Future<Map<Warning, Set<Long>>> known(SqlConnection connection, Sorting sorting) {
        var found = new EnumMap<Warning, Set<Long>>(Warning.class);
        var all = Future.<Void>succeededFuture();
        for (var warning : Warning.avoidable().toList()) {
            if (warning != Warning.READERS) {
                all = all.compose(before -> of(connection, warning, sorting))
                        .onSuccess(letters -> found.put(warning, letters))
                        .mapEmpty();
            }
        }
        return all.map(found);
    }

    private Future<Set<Long>> of(SqlConnection connection, Warning warning, Sorting sorting) {
        return switch (warning) {
            case NEWER_KEY -> WarningStore.newer(connection, sorting.goingIds());
            case OTHER_PARTITION -> those(sorting, going -> goesElsewhere(sorting, going));
            case TOO_LARGE -> those(sorting, Warnings::isTooLarge);
            case COMPACTED ->
                those(sorting, going -> Boolean.TRUE.equals(going.topic().compacted()));
            case READERS -> seenBySeveral(sorting);
            case EARLIER_KEY -> throw new IllegalArgumentException("Only who knows all letters can tell");
        };
    }

    private static Future<Set<Long>> those(Sorting sorting, Predicate<Sorting.Going> which) {
        return Future.succeededFuture(sorting.going().stream()
                .filter(which)
                .map(going -> going.letter().id())
                .collect(Collectors.toUnmodifiableSet()));
    }

    /** By what is known without looking into the bytes. */
    private static boolean isTooLarge(Sorting.Going going) {
        var limit = going.topic().maxMessageBytes();
        return limit != null && going.letter().size() > limit;
    }

    private static boolean goesElsewhere(Sorting sorting, Sorting.Going going) {
        var letter = going.letter();
        var key = sorting.key(letter);
        var came = letter.originPartition();
        return key != null
                && came != null
                && going.target().partitioning() == Partitioning.KEY
                && going.topic().name().equals(letter.originTopic())
                && Outgoing.partitionOf(key, going.topic().partitions()) != came;
    }

    private Future<Set<Long>> seenBySeveral(Sorting sorting) {
        var found = new HashSet<Long>();
        var all = Future.<Void>succeededFuture();
        var places = sorting.going().stream()
                .collect(Collectors.groupingBy(going -> new Preview.Place(
                        going.letter().cluster(), going.topic().name())));
        for (var place : places.entrySet()) {
            all = all.compose(before -> targets.readers(place.getKey()))
                    .onSuccess(groups -> {
                        if (groups.size() > 1) {
                            place.getValue()
                                    .forEach(going -> found.add(going.letter().id()));
                        }
                    })
                    .mapEmpty();
        }
        return all.map(done -> Set.copyOf(found));
    }
}
