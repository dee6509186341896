package dev.redrive.letter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.Settings;
import dev.redrive.filter.Field;
import dev.redrive.filter.Filter;
import dev.redrive.filter.FilterText;
import dev.redrive.postgres.Database;
import dev.redrive.testkit.Postgres;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What Postgres finds is what the filter means: random letters, random filters, and the meaning in plain Java. 400 filters
 * in every build; {@code -Dletter.filters=1500}, or any number, is more of the same sequence.
 */
class FoundLettersTest {

    private static final int LETTERS = 250;
    private static final int FILTERS = Integer.getInteger("letter.filters", 400);
    private static final int MOST_TRIES = 60_000;
    private static final Instant NOW = RandomLetter.BEGIN.plus(100, ChronoUnit.HOURS);
    private static final NaiveFilter MEANING = new NaiveFilter(NOW, "ana");

    private static final Vertx VERTX = Vertx.vertx();
    private static final List<RandomLetter> ALL = new ArrayList<>();
    private static Pool pool =
            new Database(new Settings.Database(Postgres.shared().freshDatabase(), 4)).open(VERTX);

    @BeforeAll
    static void store() throws Exception {
        var random = new Random(4711);
        for (int id = 1; id <= LETTERS; id++) {
            ALL.add(RandomLetter.of(id, random));
        }
        new RandomLetterRows(pool).store(ALL);
        ALL.sort(Comparator.comparingLong(RandomLetter::id).reversed());
    }

    @AfterAll
    static void close() throws Exception {
        VERTX.close().await(20, TimeUnit.SECONDS);
    }

    @Test
    void findsExactlyTheLettersThatFitNewestFirst() throws Exception {
        var filters = new RandomFilter(new Random(8));
        int some = 0;
        for (int i = 0; i < FILTERS; i++) {
            var filter = filters.next();
            var expected = expected(filter);
            var found = walk(filter, 1 + i % 40);
            assertThat(disputed(found, expected)).as(FilterText.of(filter)).isEmpty();
            assertThat(found).as(FilterText.of(filter)).isEqualTo(expected);
            some += expected.isEmpty() || expected.size() == LETTERS ? 0 : 1;
        }
        // Else the filters would prove little.
        assertThat(some).isGreaterThan(FILTERS / 2);
    }

    @Test
    void everyFieldFindsSomeLettersAndNotOthers() throws Exception {
        var filters = new RandomFilter(new Random(15));
        Set<Field> telling = EnumSet.noneOf(Field.class);
        for (int i = 0; i < MOST_TRIES && telling.size() < NaiveFilter.fields().size(); i++) {
            if (filters.next() instanceof Filter.Match match && !telling.contains(match.field())) {
                var expected = expected(match);
                assertThat(walk(match, 500)).as(FilterText.of(match)).isEqualTo(expected);
                if (!expected.isEmpty() && expected.size() < LETTERS) {
                    telling.add(match.field());
                }
            }
        }
        assertThat(telling).containsExactlyInAnyOrderElementsOf(NaiveFilter.fields());
    }

    @Test
    void countsAndFacetsAddUpToWhatIsFound() throws Exception {
        var search = new LetterSearch(pool, pool);
        var facets = new LetterFacets(pool, pool);
        var filters = new RandomFilter(new Random(23));
        int inexact = 0;
        for (int i = 0; i < FILTERS / 5; i++) {
            var scope = new LetterScope(filters.next(), NOW, "ana");
            var expected = ALL.stream()
                    .filter(letter -> MEANING.fits(scope.filter(), letter))
                    .toList();
            boolean exact = ALL.stream()
                    .noneMatch(letter -> MEANING.truth(scope.filter(), letter) == NaiveFilter.Truth.UNKNOWN);
            var count = search.count(scope).await(20, TimeUnit.SECONDS);
            assertThat(count)
                    .as(FilterText.of(scope.filter()))
                    .isEqualTo(new LetterSearch.Count(expected.size(), exact));
            inexact += exact ? 0 : 1;
            var byTopic = new HashMap<String, Long>();
            expected.forEach(letter -> byTopic.merge(letter.topic(), 1L, Long::sum));
            var counted = new HashMap<String, Long>();
            facets.count(scope, FacetField.TOPIC, "", 50)
                    .await(20, TimeUnit.SECONDS)
                    .values()
                    .forEach(facet -> counted.put(facet.value(), facet.letters()));
            assertThat(counted).as(FilterText.of(scope.filter())).isEqualTo(byTopic);
        }
        assertThat(inexact).isPositive();
    }

    private static List<Long> expected(Filter filter) {
        return ALL.stream()
                .filter(letter -> MEANING.fits(filter, letter))
                .map(RandomLetter::id)
                .toList();
    }

    private static List<RandomLetter> disputed(List<Long> found, List<Long> expected) {
        return ALL.stream()
                .filter(letter -> found.contains(letter.id()) != expected.contains(letter.id()))
                .toList();
    }

    private static List<Long> walk(Filter filter, int limit) throws Exception {
        var scope = new LetterScope(filter, NOW, "ana");
        var found = new ArrayList<Long>();
        long below = Long.MAX_VALUE;
        for (int steps = 0; steps <= LETTERS; steps++) {
            var slice = LetterWalk.next(pool, scope, below, limit).await(20, TimeUnit.SECONDS);
            found.addAll(slice.ids());
            below = slice.nextBelow();
            if (slice.end()) {
                return found;
            }
        }
        throw new AssertionError("No end: " + FilterText.of(filter));
    }
}
