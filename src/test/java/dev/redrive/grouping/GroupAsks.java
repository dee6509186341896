package dev.redrive.grouping;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Supplier;

/** What a page of failure groups asks the store, without HTTP and JSON: every statement of it. */
public final class GroupAsks {

    private final Pool reading;
    private final FailureGroupListStore lists;

    public GroupAsks(Pool reading) {
        this.reading = reading;
        this.lists = new FailureGroupListStore(reading);
    }

    /** The first page with the trend of a day. @param sort as the API calls it */
    public Supplier<Future<?>> page(String sort) {
        return () -> lists.since()
                .compose(since -> lists.page(filter(), GroupSort.of(sort), null, 51))
                .compose(groups ->
                        trend(groups.stream().limit(50).map(FailureGroup::id).toList()));
    }

    public Supplier<Future<?>> one(long id) {
        return () -> lists.find(id).compose(found -> trend(List.of(id)));
    }

    /** @param field as the API calls it */
    public Supplier<Future<?>> facet(String field) {
        var store = new GroupFacetStore(reading);
        return () -> store.count(filter(), GroupFacet.of(field), "", 20);
    }

    private Future<?> trend(List<Long> groups) {
        var to = Instant.now().truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
        return lists.buckets(groups, to.minus(Duration.ofDays(1)), to);
    }

    private static GroupFilter filter() {
        return GroupFilter.of("", Instant.now(), "ana");
    }
}
