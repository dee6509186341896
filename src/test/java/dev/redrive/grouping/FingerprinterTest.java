package dev.redrive.grouping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.grouping.Fingerprint.Part;
import dev.redrive.letter.Failure;
import dev.redrive.letter.Origin;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FingerprinterTest {

    private static final String DOTNET = """
            System.AggregateException: One or more errors occurred. (Order 17 has no price)
             ---> Shop.Orders.PriceMissingException: Order 17 has no price
               at Shop.Orders.Pricing.<ToCents>d__4.MoveNext() in /src/Pricing.cs:line 40
               at Shop.Orders.OrderConsumer.Consume(ConsumeContext`1 context) in /src/OrderConsumer.cs:line 12
               --- End of inner exception stack trace ---
               at MassTransit.Pipe.Send(Object context)
            """;

    private static Fingerprint of(
            @Nullable String exception, @Nullable String cause, @Nullable String message, @Nullable String trace) {
        return Fingerprinter.of("orders-dlt", Readings.of(exception, cause, message, trace));
    }

    @Test
    void namesTheRootCauseThePlaceAndTheWords() {
        var fingerprint = of("System.AggregateException", null, "One or more errors occurred.", DOTNET);
        assertThat(fingerprint.title()).isEqualTo("PriceMissingException");
        assertThat(fingerprint.culprit()).isEqualTo("Pricing.ToCents");
        assertThat(fingerprint.message()).isEqualTo("Order ‹n› has no price");
        assertThat(fingerprint.parts())
                .containsExactly(
                        new Part("topic", "orders"),
                        new Part("consumerGroup", "shop"),
                        new Part("exception", "Shop.Orders.PriceMissingException"),
                        new Part("frame", "Shop.Orders.Pricing.ToCents"),
                        new Part("frame", "Shop.Orders.OrderConsumer.Consume"),
                        new Part("message", "Order ‹…› has no price"));
    }

    @Test
    void groupsByTopicAndConventionWhereNothingIsKnown() {
        var unknown = Fingerprinter.of("orders-dlt", Readings.of(Origin.UNKNOWN, Failure.UNKNOWN));
        assertThat(unknown.title()).isEqualTo("Unknown failure");
        assertThat(unknown.message()).isNull();
        assertThat(unknown.culprit()).isNull();
        assertThat(unknown.parts())
                .containsExactly(new Part("topic", "orders-dlt"), new Part("convention", "spring-kafka"));
    }

    @Test
    void keepsTopicsApart() {
        var failure = new Failure("a.BException", null, "x", null, null);
        var origin = new Origin("refunds", null, null, null, "shop", null);
        assertThat(Fingerprinter.of("orders-dlt", Readings.of(origin, failure)).hash())
                .isNotEqualTo(of("a.BException", null, "x", null).hash());
    }

    @Test
    void takesTheCauseWhereOnlyAWrapperWasReported() {
        var fingerprint = of(
                "org.springframework.kafka.listener.ListenerExecutionFailedException",
                "java.lang.IllegalStateException",
                "Listener failed; shelf 4 is empty",
                null);
        assertThat(fingerprint.title()).isEqualTo("IllegalStateException");
        assertThat(fingerprint.message()).isEqualTo("shelf ‹n› is empty");
    }

    @Test
    void treatsTheFirstAndTheLaterFailuresOfAnInitialiserAsOne() {
        var first = of("java.lang.ExceptionInInitializerError", "java.lang.IllegalStateException", null, """
                java.lang.ExceptionInInitializerError
                \tat shop.Checkout.onOrder(Checkout.java:3)
                Caused by: java.lang.IllegalStateException: no index
                \tat shop.Index.load(Index.java:9)
                \tat shop.Index.<clinit>(Index.java:4)
                \t... 1 more
                """);
        var later = of("java.lang.NoClassDefFoundError", null, "Could not initialize class shop.Index", """
                java.lang.NoClassDefFoundError: Could not initialize class shop.Index
                \tat shop.Basket.onBasket(Basket.java:3)
                """);
        assertThat(later.hash()).isEqualTo(first.hash());
    }

    @Test
    void treatsMutualRecursionAsOneWhereverItWasCut() {
        String ab = "\tat shop.Tree.left(Tree.java:1)\n\tat shop.Tree.right(Tree.java:2)\n";
        String ba = "\tat shop.Tree.right(Tree.java:2)\n\tat shop.Tree.left(Tree.java:1)\n";
        var left = of(null, null, null, "java.lang.StackOverflowError\n" + ab.repeat(512));
        var right = of(null, null, null, "java.lang.StackOverflowError\n" + ba.repeat(400));
        assertThat(right.hash()).isEqualTo(left.hash());
        assertThat(left.parts())
                .contains(new Part("recursion", "shop.Tree.left"), new Part("recursion", "shop.Tree.right"));
    }

    @Test
    void ignoresSuppressedExceptions() {
        String trace = "a.BException: no\n\tat shop.Basket.add(Basket.java:1)\n";
        String suppressed =
                "\tSuppressed: java.lang.IllegalStateException: span 4 open\n\t\tat shop.Span.close(Span.java:7)\n";
        assertThat(of(null, null, null, trace + suppressed).hash())
                .isEqualTo(of(null, null, null, trace).hash());
    }

    @Test
    void goesByTheWordsOfAGoError() {
        var fingerprint = of(
                "*fmt.wrapError",
                "*errors.errorString",
                "post entry fe48b78f-b0ee-4ebf-9529-6f6d1e4b8f1b for 12 cents: period is closed",
                null);
        assertThat(fingerprint.message()).isEqualTo("post entry ‹uuid› for ‹n› cents: period is closed");
    }

    @Test
    void ignoresOfWhatKindAValueWas() {
        var number = of("shop.OrderException", null, "order 17 was taken by 4", null);
        var uuid =
                of("shop.OrderException", null, "order fe48b78f-b0ee-4ebf-9529-6f6d1e4b8f1b was taken by 'Ada'", null);
        var code = of("shop.OrderException", null, "order A-17 was taken by deadbeef", null);
        assertThat(uuid.hash()).isEqualTo(number.hash()).isEqualTo(code.hash());
        assertThat(uuid.message()).isEqualTo("order ‹uuid› was taken by ‹text›");
        assertThat(uuid.parts()).contains(new Part("message", "order ‹…› was taken by ‹…›"));
    }

    @Test
    void knowsARefusedClassWithAndWithoutItsTrace() {
        var traced = of("java.lang.IllegalArgumentException", null, "No enum constant shop.Priority.ASAP", """
                java.lang.IllegalArgumentException: No enum constant shop.Priority.ASAP
                \tat java.base/java.lang.Enum.valueOf(Enum.java:293)
                \tat shop.Priority.valueOf(Priority.java:3)
                \tat shop.Orders.handle(Orders.java:9)
                """);
        var bare = of("java.lang.IllegalArgumentException", null, "No enum constant shop.Priority.LATER", null);
        assertThat(bare.hash()).isEqualTo(traced.hash());
        assertThat(traced.culprit()).isEqualTo("Priority.valueOf");
        assertThat(bare.parts()).contains(new Part("document", "shop.Priority"));
    }

    @Test
    void knowsAnEndpointAndItsAnswerWithAndWithoutTheTrace() {
        String text = "shop.CarrierException: GET http://carrier:80/v2/tracks/17 returned HTTP ";
        var traced = of("shop.CarrierException", null, null, text + "404\n\tat shop.Carrier.track(Carrier.java:3)\n");
        var bare = of("shop.CarrierException", null, text.replace("17", "A-4") + "404", null);
        assertThat(bare.hash()).isEqualTo(traced.hash());
        assertThat(traced.parts()).contains(new Part("httpStatus", "404"), new Part("endpoint", "tracks"));
        assertThat(of("shop.CarrierException", null, text + "503", null).hash()).isNotEqualTo(bare.hash());
        assertThat(of("shop.CarrierException", null, text.replace("tracks", "labels") + "404", null)
                        .hash())
                .isNotEqualTo(bare.hash());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "Unique index or primary key violation: \"PUBLIC.UQ_CODE ON PUBLIC.SHELF(CODE)\"|'PUBLIC.UQ_CODE'",
                "ORA-00001: unique constraint (SHOP.UQ_REF) violated on table SHOP.ORDERS|(SHOP.UQ_REF",
                "ORA-01400: cannot insert NULL into (\"SHOP\".\"ORDERS\".\"TOTAL\")|'SHOP'.'ORDERS'.'TOTAL'",
                "WriteError{code=11000, message='E11000 duplicate key, index: ref_1 dup key: { ref: \"x\" }'}|ref_1",
                "Row was updated by another transaction: [shop.OrderLine#17]|shop.OrderLine#‹id›",
                "(sqlite3.IntegrityError) CHECK constraint failed: ck_size|CHECK constraint failed: ck_size"
            })
    void keepsTheNameOfTheDatabasesObject(String message, String kept) {
        assertThat(of("a.DatabaseException", null, message, null).message()).contains(kept);
    }
}
