package dev.redrive.grouping;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.Settings;
import dev.redrive.grouping.FailureGroupStore.Upserted;
import dev.redrive.grouping.Fingerprint.Part;
import dev.redrive.postgres.Database;
import dev.redrive.testkit.Postgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FailureGroupStoreTest {

    private static final Instant NOON = Instant.parse("2026-07-01T12:00:00Z");

    private final Vertx vertx = Vertx.vertx();
    private final FailureGroupStore store = new FailureGroupStore();
    private Pool pool;
    private FailureGroupListStore lists;

    @BeforeEach
    void open() {
        pool = new Database(new Settings.Database(Postgres.shared().freshDatabase(), 8)).open(vertx);
        lists = new FailureGroupListStore(pool);
    }

    @AfterEach
    void close() {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(20, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("No answer from Postgres", e);
        }
    }

    private static NewGroup group(String message, Instant seenAt) {
        var fingerprint = Fingerprinter.of("orders-dlt", Readings.of("shop.PriceException", null, message, null));
        return new NewGroup(fingerprint, "orders", "orders-dlt", "shop", "spring-kafka", seenAt);
    }

    private Upserted upsert(List<NewGroup> groups) {
        return await(pool.withTransaction(connection -> store.upsert(connection, groups)));
    }

    /** As if a letter of each had been counted: a list leaves out the groups without any. */
    private Upserted met(List<NewGroup> groups) {
        var upserted = upsert(groups);
        await(pool.query("UPDATE failure_group_counter SET letters = 1 WHERE letters = 0")
                .execute());
        return upserted;
    }

    private static GroupFilter filter(String query) {
        return GroupFilter.of(query, Instant.now(), "ana");
    }

    private List<String> titles(String query, GroupSort sort, @Nullable GroupCursor after, int fetch) {
        return await(lists.page(filter(query), sort, after, fetch)).stream()
                .map(group -> String.valueOf(group.message()))
                .toList();
    }

    private void count(long id, long open, Instant hour, long letters) {
        await(pool.preparedQuery("UPDATE failure_group_counter SET letters = $2, open = $2 WHERE failure_group_id = $1")
                .execute(Tuple.of(id, open)));
        await(pool.preparedQuery("INSERT INTO failure_group_bucket VALUES ($1, $2, $3)")
                .execute(Tuple.of(id, OffsetDateTime.ofInstant(hour, ZoneOffset.UTC), letters)));
    }

    @Test
    void createsWhatIsUnknownOnceAndFindsTheRest() {
        var first = upsert(List.of(group("price is missing", NOON), group("price is missing", NOON.minusSeconds(9))));
        assertThat(first.created()).hasSize(1);
        assertThat(first.ids()).hasSize(1);
        var again = upsert(List.of(group("price is missing", NOON), group("price is negative", NOON)));
        assertThat(again.created()).extracting(FailureGroup::message).containsExactly("price is negative");
        assertThat(again.ids()).hasSize(2).containsAllEntriesOf(first.ids());
        var found = await(lists.find(first.created().get(0).id())).orElseThrow();
        assertThat(found)
                .usingRecursiveComparison()
                .ignoringFields("triage")
                .isEqualTo(first.created().get(0));
        assertThat(found.firstSeenAt()).isEqualTo(NOON.minusSeconds(9));
        assertThat(found.parts()).contains(new Part("exception", "shop.PriceException"));
    }

    @Test
    void createsNothingWhenTheTransactionIsRolledBack() {
        var failed = pool.withTransaction(connection -> store.upsert(connection, List.of(group("a word", NOON)))
                .compose(upserted -> Future.<Void>failedFuture("the letters were refused")));
        boolean refused = await(failed.map(stored -> false).otherwise(true));
        assertThat(refused).isTrue();
        assertThat(upsert(List.of(group("a word", NOON))).created()).hasSize(1);
    }

    @Test
    void createsEachGroupOnceWhenManyTransactionsMeetThemInAnyOrder() {
        var words = List.of("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta");
        var random = new Random(7);
        var all = new ArrayList<Future<Upserted>>();
        for (int i = 0; i < 24; i++) {
            var groups = new ArrayList<>(
                    words.stream().map(word -> group(word + " failed", NOON)).toList());
            Collections.shuffle(groups, random);
            all.add(pool.withTransaction(connection -> store.upsert(connection, groups)));
        }
        await(Future.all(all));
        var created = all.stream()
                .flatMap(upserted -> upserted.result().created().stream())
                .toList();
        assertThat(created).hasSize(words.size());
        assertThat(all.stream().map(upserted -> upserted.result().ids()).collect(toSet()))
                .hasSize(1);
    }

    @Test
    void keepsTextsThatPostgresWouldRefuse() {
        String hostile = "nul \0 half \uD83D line\nend";
        var fingerprint = Fingerprinter.of(hostile, Readings.of(hostile, hostile, hostile, hostile));
        var group = new NewGroup(fingerprint, null, "orders-dlt", null, "unknown", NOON);
        var created = upsert(List.of(group)).created().get(0);
        assertThat(await(lists.find(created.id())).orElseThrow())
                .usingRecursiveComparison()
                .ignoringFields("triage")
                .isEqualTo(created);
    }

    @Test
    void listsTheLatestFirstPageByPage() {
        met(List.of(group("one", NOON), group("two", NOON.plusSeconds(5)), group("three", NOON.plusSeconds(5))));
        var seen = new ArrayList<String>();
        GroupCursor after = null;
        for (int page = 0; page < 3; page++) {
            var groups = await(lists.page(filter(""), GroupSort.LAST_SEEN, after, 1));
            seen.add(groups.get(0).message());
            after = new GroupCursor(
                    GroupSort.LAST_SEEN.placeOf(groups.get(0)), groups.get(0).id(), 1, false);
        }
        assertThat(seen).containsExactlyInAnyOrder("one", "two", "three").endsWith("one");
        assertThat(titles("", GroupSort.LAST_SEEN, after, 10)).isEmpty();
        assertThat(titles("", GroupSort.FIRST_SEEN_ASCENDING, null, 10)).startsWith("one");
    }

    @Test
    void sortsByOpenLettersAndFiltersByWhatAGroupHas() {
        var ids = met(List.of(group("price is missing", NOON), group("price is negative", NOON)))
                .ids();
        var negative = group("price is negative", NOON).fingerprint().hash();
        count(ids.getOrDefault(negative, 0L), 7, NOON, 7);
        assertThat(titles("", GroupSort.OPEN, null, 10)).containsExactly("price is negative", "price is missing");
        assertThat(titles("is:open topic:orders-dlt", GroupSort.OPEN, null, 10)).containsExactly("price is negative");
        assertThat(titles("-is:open", GroupSort.OPEN, null, 10)).containsExactly("price is missing");
        assertThat(titles("error:\"is miss\" class:PriceException", GroupSort.OPEN, null, 10))
                .containsExactly("price is missing");
        assertThat(titles("class:shop.Price* consumer:shop origin:ord*", GroupSort.OPEN, null, 10))
                .hasSize(2);
        assertThat(titles("convention:kafka-connect", GroupSort.OPEN, null, 10)).isEmpty();
        assertThat(titles("ts:<1h", GroupSort.OPEN, null, 10)).isEmpty();
        assertThat(await(lists.count(filter("ts:>1h")))).isEqualTo(new FailureGroupListStore.Count(2, true));
    }

    @Test
    void givesTheLettersOfEachHourAsked() {
        var ids = upsert(List.of(group("price is missing", NOON))).ids();
        long id = ids.values().iterator().next();
        count(id, 3, NOON, 3);
        count(id, 3, NOON.minus(5, ChronoUnit.HOURS), 9);
        assertThat(await(lists.buckets(List.of(id), NOON.minus(Duration.ofHours(4)), NOON.plusSeconds(3600))))
                .containsOnlyKeys(id)
                .allSatisfy((group, hours) -> assertThat(hours).containsExactly(Map.entry(NOON, 3L)));
        assertThat(await(lists.buckets(List.of(), NOON, NOON))).isEmpty();
    }

    @Test
    void isNewForAnHourAndQuietAfterADay() {
        var now = Instant.now();
        var ids = met(List.of(
                        group("fresh", now.minusSeconds(3_000)),
                        group("going on", now.minusSeconds(4_000)),
                        group("quiet", now.minusSeconds(90_000))))
                .ids();
        assertThat(ids).hasSize(3);
        assertThat(titles("state:new", GroupSort.LAST_SEEN, null, 10)).containsExactly("fresh");
        assertThat(titles("state:ongoing", GroupSort.LAST_SEEN, null, 10)).containsExactly("going on", "quiet");
        assertThat(titles("-state:new ts:<1d", GroupSort.LAST_SEEN, null, 10)).containsExactly("going on");
    }

    @Test
    void escalatesAgainstItsOwnWeek() {
        var hour = Instant.now().truncatedTo(ChronoUnit.HOURS);
        var weekAgo = hour.minus(Duration.ofDays(7));
        var ids = met(List.of(group("steady", weekAgo), group("rising", weekAgo), group("small", weekAgo)))
                .ids();
        for (var message : List.of("steady", "rising", "small")) {
            long id = ids.getOrDefault(group(message, weekAgo).fingerprint().hash(), 0L);
            for (int hours = 2; hours < 100; hours++) {
                count(id, 1, hour.minus(hours, ChronoUnit.HOURS), message.equals("small") ? 0 : 8);
            }
            count(id, 1, hour, message.equals("steady") ? 20 : message.equals("rising") ? 60 : 9);
        }
        assertThat(titles("state:escalating", GroupSort.LAST_SEEN, null, 10)).containsExactly("rising");
    }
}
