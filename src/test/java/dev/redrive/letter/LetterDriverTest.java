package dev.redrive.letter;

import static dev.redrive.letter.StoredLetters.sample;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.Settings;
import dev.redrive.filter.FilterParser;
import dev.redrive.http.ApiServer;
import dev.redrive.postgres.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which index a filter is walked by, and that every page of it holds the highest ids that fit. */
class LetterDriverTest {

    private static final OffsetDateTime BEGIN = OffsetDateTime.of(2026, 11, 23, 0, 0, 0, 0, ZoneOffset.UTC);

    private ApiServer server;
    private StoredLetters letters;
    private LetterSearch search;

    @BeforeEach
    void start() throws Exception {
        server = ApiServer.open();
        letters = new StoredLetters(server.pool());
        search = new LetterSearch(server.pool(), server.pool());
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    /** What came last of the hours at both ends failed outside of the span. */
    @Test
    void aSpanThatEndsWithinAnHourIsReadByItsHoursAlone() throws Exception {
        var random = new Random(5);
        var open = new ArrayList<Long>();
        var all = new ArrayList<Long>();
        for (int i = 0; i < 240; i++) {
            int minute = i * 5 + random.nextInt(240);
            long id = letters.add(sample().withFailedAt(BEGIN.plusMinutes(minute)));
            boolean discarded = random.nextInt(3) == 0;
            if (discarded) {
                set(id, "status = 'discarded'");
            }
            if (i % 3 == 0) {
                // As one that was stored before the time stood there.
                set(id, "failed_at = NULL");
            }
            if (minute >= 100 && minute < 580) {
                all.add(0, id);
                open.addAll(0, discarded ? List.of() : List.of(id));
            }
        }
        check("ts:2026-11-23T01:40..2026-11-23T09:40", Driver.Hours.class, all);
        check("ts:2026-11-23T01:40..2026-11-23T09:40 is:open class:Price*", null, open);
        check("ts:2026-11-23T01:40..2026-11-23T09:40 is:open partition:3", Driver.Hours.class, open);
        check("ts:2026-11-23T01:40..2026-11-23T09:40 is:open -key:none", Driver.Hours.class, open);
    }

    @Test
    void aSpanAndAStatusAreReadByTheHours() throws Exception {
        var within = new ArrayList<Long>();
        for (int i = 0; i < 120; i++) {
            long id = letters.add(sample().withFailedAt(BEGIN.plusMinutes(i * 7)));
            boolean discarded = i % 4 == 0;
            if (discarded) {
                set(id, "status = 'discarded'");
            } else if (i * 7 >= 30 && i * 7 < 90) {
                within.add(0, id);
            }
        }
        check("ts:2026-11-23T00:30..2026-11-23T01:30 is:open", Driver.Hours.class, within);
    }

    /** To plan it takes as long as to read it. */
    @ParameterizedTest
    @ValueSource(strings = {"is:open", "status:open", "status:open,discarded", "-status:returned"})
    void theFirstPageOfASpanAndAStatusIsPlannedForAnySpan(String status) throws Exception {
        for (int i = 0; i < 300; i++) {
            long id = letters.add(sample().withFailedAt(BEGIN.plusMinutes(i * 5)));
            if (i % 10 == 0) {
                set(id, "status = 'discarded'");
            }
        }
        ApiServer.await(server.pool().query("ANALYZE letter_state").execute());
        var scope = scope("ts:2026-11-23T00:30..2026-11-23T20:30 " + status);
        var reading = new Database(new Settings.Database(server.databaseUrl(), 4)).openForReading(server.vertx());
        var plans = answer(reading.withConnection(connection -> {
            var asked = LetterWalk.next(connection, scope, Long.MAX_VALUE, 51);
            for (int i = 0; i < 9; i++) {
                asked = asked.compose(slice -> LetterWalk.next(connection, scope, Long.MAX_VALUE, 51));
            }
            return asked.compose(slice -> connection
                    .query("SELECT generic_plans FROM pg_prepared_statements WHERE statement LIKE 'WITH top%'")
                    .execute());
        }));
        assertThat(plans.iterator().next().getLong(0)).isPositive();
    }

    @Test
    void whatCameBackOfATopicIsReadByItsKinds() throws Exception {
        var random = new Random(9);
        var looping = new ArrayList<Long>();
        for (int i = 0; i < 150; i++) {
            int topic = random.nextInt(9);
            var failure = "org.acme.Fault" + random.nextInt(3);
            long id = letters.add(sample().withTopic("t" + topic + "-dlt").withFailure(failure, "no"));
            boolean came = random.nextInt(3) == 0;
            if (came) {
                set(id, "returns = 1");
            }
            if (came && topic < 3 && !failure.endsWith("0")) {
                looping.add(0, id);
            }
        }
        check("is:loop topic:t0-dlt,t1-dlt,t2-dlt -class:Fault0", Driver.Looping.class, looping);
        check("is:loop topic:t0-dlt,t1-dlt,t2-dlt -class:Fault0 -key:none", Driver.Looping.class, looping);
        check("is:loop topic:nowhere-dlt", Driver.Looping.class, List.of());
    }

    /** Each kind is a place to look at; of so many, what came back at all is looked at. */
    @Test
    void whatCameBackOfManyKindsIsReadInOneGo() throws Exception {
        var looping = new ArrayList<Long>();
        for (int i = 0; i <= LetterPlanStore.MOST_LANES; i++) {
            long id = letters.add(sample().withFailure("org.acme.Fault" + i, "no"));
            if (i % 10 == 0) {
                set(id, "returns = 2");
                looping.add(0, id);
            }
        }
        check("is:loop class:Fault*", Driver.Rare.class, looping);
    }

    /** Few places tell how far back the others are read, those with the most letters; here the newest lie elsewhere. */
    @Test
    void theNewestAreFoundWhereThereAreFew() throws Exception {
        int many = Merge.BOUNDING_PLACES + 5;
        var found = new ArrayList<Long>();
        for (int i = 0; i < 3 * many + 20; i++) {
            var kind = i < 3 * many ? "Often" + i % many : "Once" + i;
            found.add(0, letters.add(sample().withFailure("org.acme." + kind, "no")));
            letters.add(sample().withFailure("org.acme.Other", "no"));
        }
        check("class:Often*,Once*", Lanes.class, found);
        assertThat(answer(LetterPlanStore.plan(server.pool(), scope("class:Often*,Once*")))
                        .driver())
                .asInstanceOf(InstanceOfAssertFactories.type(Lanes.class))
                .satisfies(lanes -> assertThat(lanes.values()).hasSize(many + 20))
                .satisfies(lanes -> assertThat(lanes.values().subList(0, many)).allMatch(kind -> kind <= many + 1));
    }

    /** The newest letters with any tag are looked at first, and there are more of them than that. */
    @Test
    void aTagIsFoundNearAndFarBack() throws Exception {
        var rare = new ArrayList<Long>();
        for (int i = 0; i < 200; i++) {
            long id = letters.add(sample());
            boolean isRare = i % 40 == 7 || i > 195;
            set(id, isRare ? "tags = '{rare,night}'" : i % 5 == 0 ? "tags = '{}'" : "tags = '{night}'");
            if (isRare) {
                rare.add(0, id);
            }
        }
        check("tag:rare", Driver.Probe.class, rare);
        check("tag:rare,nowhere has:tag", Driver.Probe.class, rare);
        check("tag:nowhere", Driver.Probe.class, List.of());
        assertThat(answer(search.count(scope("tag:rare")))).isEqualTo(new LetterSearch.Count(rare.size(), true));
    }

    /** Rows are read side by side, whatever is missing between them. */
    @Test
    void aMessageIsFoundNearAndFarBackWhateverIsGone() throws Exception {
        var found = new ArrayList<Long>();
        for (int i = 0; i < 300; i++) {
            boolean fits = i % 70 == 3 || i == 299;
            long id = letters.add(sample().withFailure("org.acme.Fault", fits ? "Price of order " + i : "Other"));
            if (i % 9 == 0) {
                ApiServer.await(server.pool()
                        .preparedQuery("DELETE FROM dead_letter WHERE id = $1")
                        .execute(Tuple.of(id)));
            } else if (fits) {
                found.add(0, id);
            }
        }
        check("error:\"price OF order\"", Driver.Everything.class, found);
        check("error:\"price OF order\" has:payload -has:draft", Driver.Everything.class, found);
    }

    /** Asks for pages of several sizes from several places. @param driver null for any */
    private void check(String q, @Nullable Class<? extends Driver> driver, List<Long> expected) throws Exception {
        var scope = scope(q);
        if (driver != null) {
            assertThat(answer(LetterPlanStore.plan(server.pool(), scope)).driver())
                    .as(q)
                    .isInstanceOf(driver);
        }
        for (int limit : List.of(1, 2, 3, 10, 50)) {
            for (int from = 0; from <= expected.size(); from += 1 + expected.size() / 4) {
                long below = from == 0 ? Long.MAX_VALUE : expected.get(from - 1);
                var page = answer(search.page(scope, below, limit));
                assertThat(page.rows())
                        .as("%s: %d below %d", q, limit, below)
                        .extracting(row -> row.getLong("letter_id"))
                        .isEqualTo(expected.subList(from, Math.min(expected.size(), from + limit)));
                assertThat(page.partial()).isEmpty();
            }
        }
    }

    private static LetterScope scope(String q) throws Exception {
        return new LetterScope(FilterParser.parse(q), Instant.now(), "ana");
    }

    /** @param assignment of our own making */
    private void set(long id, String assignment) throws Exception {
        ApiServer.await(server.pool()
                .preparedQuery("UPDATE letter_state SET " + assignment + " WHERE letter_id = $1")
                .execute(Tuple.of(id)));
    }

    private static <T> T answer(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
