package dev.redrive.cluster;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The expiry clock: how old the oldest letter of a partition is that is not stored yet. A record is read once for each
 * position, 20 a look at most. Used on one context, one look at a time.
 */
final class UnreadLooker {

    private final NextRecords records;
    private final Map<TopicPartition, Oldest> known = new HashMap<>();

    /** @param at null where there is no record from the position on, only markers of transactions */
    private record Oldest(long position, @Nullable Instant at) {}

    UnreadLooker(NextRecords records) {
        this.records = records;
    }

    /** @param unknown topics of which nothing can be said this time */
    record Found(List<Unread> unread, Set<String> unknown) {

        /** Of each topic the partition that is worst off, where it is badly enough off. */
        List<TopicTrouble> troubles() {
            return unread.stream()
                    .collect(Collectors.groupingBy(each -> each.partition().topic()))
                    .values()
                    .stream()
                    .flatMap(each -> each.stream().min(Comparator.comparingDouble(Unread::headroom)).stream())
                    .filter(worst -> worst.headroom() < Unread.ENOUGH)
                    .map(Unread::trouble)
                    .toList();
        }
    }

    Future<Found> look(TopicLook look, Instant now) {
        known.keySet()
                .removeIf(partition -> !look.partitions().containsKey(partition)
                        && !look.silent().contains(partition));
        var asked = new HashMap<TopicPartition, Long>();
        look.partitions().entrySet().stream()
                .filter(entry -> entry.getValue().lag() > 0)
                .filter(entry -> {
                    var before = known.get(entry.getKey());
                    return before == null || before.position() != from(entry.getValue()) || before.at() == null;
                })
                .sorted(Comparator.comparing(entry -> entry.getKey().toString()))
                .sorted(Comparator.comparing(entry -> known.containsKey(entry.getKey())))
                .limit(NextRecords.MOST)
                .forEach(entry -> asked.put(entry.getKey(), from(entry.getValue())));
        var read = asked.isEmpty()
                ? Future.succeededFuture(NextRecords.Found.NOTHING_KNOWN)
                : records.anyFrom(asked).otherwise(NextRecords.Found.NOTHING_KNOWN);
        return read.map(found -> {
            asked.forEach((partition, position) -> remember(partition, position, found, now));
            return unread(look, now);
        });
    }

    private static long from(TopicLook.Log log) {
        return Math.max(log.start(), log.position());
    }

    private void remember(TopicPartition partition, long position, NextRecords.Found found, Instant now) {
        var record = found.records().get(partition);
        known.remove(partition);
        if (record != null || found.nothing().contains(partition)) {
            known.put(partition, new Oldest(position, record == null ? null : writtenAt(record, now)));
        }
    }

    /** A record without a time is as old as our first look at it. */
    private static Instant writtenAt(ConsumerRecord<byte[], byte[]> record, Instant now) {
        return record.timestamp() < 0 ? now : Instant.ofEpochMilli(record.timestamp());
    }

    private Found unread(TopicLook look, Instant now) {
        var unread = new ArrayList<Unread>();
        var unknown = new HashSet<String>();
        look.silent().forEach(partition -> unknown.add(partition.topic()));
        look.partitions().forEach((partition, log) -> {
            if (log.lag() == 0) {
                return;
            }
            var oldest = known.get(partition);
            var kept = look.kept(partition.topic());
            if (oldest == null || oldest.position() != from(log)) {
                unknown.add(partition.topic());
                unread.add(Unread.of(
                        partition,
                        log.lag(),
                        null,
                        OptionalLong.empty(),
                        kept.retentionBytes(),
                        look.unreadBytes(partition),
                        now));
            } else if (oldest.at() != null) {
                unread.add(Unread.of(
                        partition,
                        log.lag(),
                        oldest.at(),
                        kept.retentionMs(),
                        kept.retentionBytes(),
                        look.unreadBytes(partition),
                        now));
            }
        });
        return new Found(unread, unknown);
    }
}
