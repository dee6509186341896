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

    /** The end of the sentence "Left out, because it …": nobody knows, and who leaves such letters out wants to be sure. */
    private static final String NOT_COMPARED = "could not be compared with the newest records of its target";

    private final JobTargets targets;
    private final NewerRecords newer;

    /** @param deadline {@link System#nanoTime} after which no more records of targets are read */
    Warnings(JobTargets targets, long deadline) {
        this.targets = targets;
        this.newer = new NewerRecords(targets, deadline);
    }

    /** Takes out what the job does not want; fails when Kafka does not say who reads a target. */
    Future<Void> leaveOut(SqlConnection connection, Sorting sorting, Set<Warning> unwanted) {
        var all = Future.<Void>succeededFuture();
        for (var warning : unwanted) {
            all = all.compose(before -> warning == Warning.NEWER_RECORD
                    ? leaveOutNewer(sorting)
                    : of(connection, warning, sorting)
                            .onSuccess(letters -> takeOut(sorting, warning.leftOut(), letters))
                            .mapEmpty());
        }
        return all;
    }

    private Future<Void> leaveOutNewer(Sorting sorting) {
        return newer.compare(sorting)
                .onSuccess(compared -> {
                    takeOut(sorting, Warning.NEWER_RECORD.leftOut(), compared.newer());
                    takeOut(sorting, NOT_COMPARED, compared.unknown());
                })
                .mapEmpty();
    }

    private static void takeOut(Sorting sorting, String why, Set<Long> letters) {
        for (var going : List.copyOf(sorting.going())) {
            if (letters.contains(going.letter().id())) {
                sorting.takeOut(going, why);
            }
        }
    }

    /** What can be found out by now. Never fails: where Kafka does not answer nothing is known. */
    Future<NewerRecords.Compared> compared(Sorting sorting) {
        return newer.compare(sorting).otherwise(failure -> NewerRecords.Compared.none(NewerRecords.keyed(sorting)));
    }

    /** @return of those that go, by what is known without Kafka; who reads a target and what it holds are other questions */
    Future<Map<Warning, Set<Long>>> known(SqlConnection connection, Sorting sorting) {
        var found = new EnumMap<Warning, Set<Long>>(Warning.class);
        var all = Future.<Void>succeededFuture();
        for (var warning : Warning.avoidable().toList()) {
            if (warning != Warning.READERS && warning != Warning.NEWER_RECORD) {
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
            case NEWER_RECORD, EARLIER_KEY ->
                throw new IllegalArgumentException(warning + " is found out by another way");
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
