package dev.redrive.cluster;

import static java.util.stream.Collectors.toMap;

import dev.redrive.cluster.GroupLag.Key;
import dev.redrive.cluster.LagEpisodeStore.Episode;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Fires and resolves: one episode a consumer group and topic. What is decided, the row of the episode and what is told of
 * it are one transaction, so a crash repeats nothing and an end always follows its beginning. Two processes that both
 * believe to be the only one tell nothing twice: the row says who was first.
 */
final class LagEpisodes {

    private static final int MOST_PARTITIONS = 5;

    private final LagEpisodeStore store = new LagEpisodeStore();
    private final LagRule rule;
    private final LagListener listener;
    private final String clusterName;

    LagEpisodes(LagRule rule, LagListener listener, String clusterName) {
        this.rule = rule;
        this.listener = listener;
        this.clusterName = clusterName;
    }

    /** @param groups all that are known of the cluster: an episode of a group that is not among them is over */
    Future<Void> evaluate(SqlConnection connection, short cluster, List<GroupLag> groups, Instant now) {
        var byKey = groups.stream().collect(toMap(GroupLag::key, Function.identity()));
        return store.open(connection, cluster).compose(open -> {
            var notices = new ArrayList<LagNotice>();
            Future<Void> chain = Future.succeededFuture();
            for (var entry : open.entrySet()) {
                chain = chain.compose(done -> goOn(connection, entry, byKey.get(entry.getKey()), now, notices));
            }
            for (var group : groups) {
                if (!open.containsKey(group.key()) && rule.fires(group, now)) {
                    chain = chain.compose(done -> begin(connection, cluster, group, now, notices));
                }
            }
            return chain.compose(
                    done -> notices.isEmpty() ? Future.succeededFuture() : listener.tell(connection, notices));
        });
    }

    private Future<Void> begin(
            SqlConnection connection, short cluster, GroupLag group, Instant now, List<LagNotice> notices) {
        return store.begin(connection, cluster, group.key(), now).map(begun -> {
            begun.ifPresent(episode -> notices.add(notice(episode, group.key(), group, false, now)));
            return null;
        });
    }

    private Future<Void> goOn(
            SqlConnection connection,
            Map.Entry<Key, Episode> open,
            @Nullable GroupLag group,
            Instant now,
            List<LagNotice> notices) {
        var episode = open.getValue();
        var since = episode.calmSince();
        if (group != null && !rule.isCalm(group)) {
            return since == null ? Future.succeededFuture() : store.calm(connection, episode.id(), null);
        }
        if (group != null && since == null) {
            return store.calm(connection, episode.id(), now);
        }
        if (group != null && since != null && since.plus(rule.calm()).isAfter(now)) {
            return Future.succeededFuture();
        }
        return store.resolve(connection, episode.id(), now).map(resolved -> {
            if (resolved) {
                notices.add(notice(episode, open.getKey(), group, true, now));
            }
            return null;
        });
    }

    /** @param group null where it is gone, and with it its lag */
    private LagNotice notice(Episode episode, Key key, @Nullable GroupLag group, boolean resolved, Instant now) {
        var partitions = group == null
                ? List.<LagNotice.Partition>of()
                : group.partitions().stream()
                        .filter(lag -> lag.state() != LagState.OK || lag.lag() > 0)
                        .limit(MOST_PARTITIONS)
                        .map(lag -> new LagNotice.Partition(
                                lag.place().partition(),
                                lag.committed(),
                                lag.lag(),
                                lag.state().word()))
                        .toList();
        return new LagNotice(
                episode.id(),
                resolved,
                clusterName,
                key.group(),
                key.topic(),
                group == null ? 0 : group.lag(),
                (group == null ? LagState.OK : group.state()).word(),
                group == null ? now : group.since(),
                episode.firedAt(),
                partitions);
    }
}
