package dev.redrive.replay;

import dev.redrive.replay.Sorting.Going;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares letters with the newest records of their targets: what is sent again becomes the newest record of its key, and
 * undoes what was written since. The same question as the check of one letter asks, of many at once.
 */
final class NewerRecords {

    private final JobTargets targets;
    private final long deadline;

    /** @param deadline {@link System#nanoTime} after which no more topics are read */
    NewerRecords(JobTargets targets, long deadline) {
        this.targets = targets;
        this.deadline = deadline;
    }

    /**
     * @param letters that have a key and are to go
     * @param newer those of which their target holds a newer record
     * @param unknown those that could not be compared: their target was not read in time, or their key is only known from
     *     their bytes
     * @param newest records of each partition that were looked at, where that was the fewest; null for none
     */
    record Compared(
            Set<Long> letters,
            Set<Long> newer,
            Set<Long> unknown,
            @Nullable Integer newest) {
        Compared {
            letters = Set.copyOf(letters);
            newer = Set.copyOf(newer);
            unknown = Set.copyOf(unknown);
        }

        /** Of which Kafka told nothing. */
        static Compared none(Set<Long> letters) {
            return new Compared(letters, Set.of(), letters, null);
        }
    }

    static Set<Long> keyed(Sorting sorting) {
        return ids(sorting.going().stream()
                .filter(going -> sorting.mayHaveKey(going.letter()))
                .toList());
    }

    /** Fails when Kafka does not answer. */
    Future<Compared> compare(Sorting sorting) {
        var newer = new HashSet<Long>();
        var unknown = new HashSet<Long>();
        var newest = new HashSet<Integer>();
        var places = sorting.going().stream()
                .filter(going -> sorting.mayHaveKey(going.letter()))
                .collect(Collectors.groupingBy(going -> new Preview.Place(
                        going.letter().cluster(), going.topic().name())));
        var all = Future.<Void>succeededFuture();
        for (var place : places.entrySet()) {
            var letters = place.getValue();
            all = all.compose(before -> {
                if (System.nanoTime() > deadline) {
                    unknown.addAll(ids(letters));
                    return Future.succeededFuture();
                }
                return targets.newest(place.getKey(), letters.get(0).topic())
                        .onSuccess(keys -> {
                            newest.add(keys.each());
                            letters.forEach(going -> sort(sorting, going, keys, newer, unknown));
                        })
                        .mapEmpty();
            });
        }
        return all.map(done -> new Compared(
                keyed(sorting),
                newer,
                unknown,
                newest.stream().min(Integer::compare).orElse(null)));
    }

    private static void sort(Sorting sorting, Going going, NewestKeys keys, Set<Long> newer, Set<Long> unknown) {
        var holds = holds(sorting, going, keys);
        if (holds == null) {
            unknown.add(going.letter().id());
        } else if (holds) {
            newer.add(going.letter().id());
        }
    }

    private static @Nullable Boolean holds(Sorting sorting, Going going, NewestKeys keys) {
        var letter = going.letter();
        var key = sorting.key(letter);
        if (key == null) {
            return null;
        }
        var target = going.target();
        var partition = switch (target.partitioning()) {
            case KEY -> Integer.valueOf(Outgoing.partitionOf(key, going.topic().partitions()));
            case ORIGINAL -> letter.originPartition();
            case FIXED -> target.partition();
        };
        var offset = letter.originOffset();
        long from = offset != null && going.topic().name().equals(letter.originTopic()) ? offset + 1 : 0;
        return partition == null ? null : keys.holds(partition, key, from);
    }

    private static Set<Long> ids(List<Going> letters) {
        return letters.stream().map(going -> going.letter().id()).collect(Collectors.toUnmodifiableSet());
    }
}
