package dev.redrive.grouping;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Pages through failure groups while letters come in. A group that gets one may move to a place that was passed
 * already, so a second round brings the groups that changed since the first page was read, by their ids, which do not
 * change. A group that did not change stood still and was met in the first round: none is missed. One that was met
 * before it changed comes twice.
 */
final class GroupWalk {

    /** @param next null where nothing is left */
    record Page(List<FailureGroup> groups, @Nullable GroupCursor next) {
        Page {
            groups = List.copyOf(groups);
        }
    }

    private final FailureGroupListStore store;
    private final GroupFilter filter;
    private final GroupSort sort;

    GroupWalk(FailureGroupListStore store, GroupFilter filter, GroupSort sort) {
        this.store = store;
        this.filter = filter;
        this.sort = sort;
    }

    /** @param after null for the first page; @param limit of its groups */
    Future<Page> page(@Nullable GroupCursor after, int limit) {
        if (after == null) {
            // Before the page is read: what changes in between counts as changed.
            return store.since().compose(since -> firstRound(null, since, limit));
        }
        return after.again()
                ? secondRound(List.of(), after.id(), after.since(), limit)
                : firstRound(after, after.since(), limit);
    }

    private Future<Page> firstRound(@Nullable GroupCursor after, long since, int limit) {
        return store.page(filter, sort, after, limit + 1).compose(found -> {
            if (found.size() > limit) {
                var last = found.get(limit - 1);
                var next = new GroupCursor(sort.placeOf(last), last.id(), since, false);
                return Future.succeededFuture(new Page(found.subList(0, limit), next));
            }
            // One page is of one moment, so nothing can have moved.
            return after == null ? Future.succeededFuture(new Page(found, null)) : secondRound(found, 0, since, limit);
        });
    }

    /** @param before groups that are on the page already; @param id after which the round goes on */
    private Future<Page> secondRound(List<FailureGroup> before, long id, long since, int limit) {
        return store.changed(filter, since, id, limit + 1).map(changed -> {
            Set<Long> here = before.stream().map(FailureGroup::id).collect(Collectors.toUnmodifiableSet());
            var page = new ArrayList<>(before);
            for (var group : changed) {
                if (here.contains(group.id())) {
                    continue;
                }
                if (page.size() == limit) {
                    long last =
                            page.size() > before.size() ? page.get(limit - 1).id() : id;
                    return new Page(page, new GroupCursor(0, last, since, true));
                }
                page.add(group);
            }
            return new Page(page, null);
        });
    }
}
