package dev.redrive.grouping;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two failures side by side: told in other words and with other values, or really another. */
class SameFailureTest {

    private static final String JAVA = """
            java.lang.NullPointerException: no rate
            \tat shop.Folio.add(Folio.java:40)
            \tat shop.Stays.onStay(Stays.java:12)
            Caused by: java.lang.IllegalStateException: closed
            \tat shop.Rates.of(Rates.java:3)
            \t... 2 more
            """;

    private static Fingerprint of(@Nullable String exception, @Nullable String message, @Nullable String trace) {
        return Fingerprinter.of("orders-dlt", Readings.of(exception, null, message, trace));
    }

    /** What the fingerprint is made of where there is no trace. */
    static String shape(String message) {
        return of("shop.ShopException", message, null).parts().toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "peer 10.0.0.7:443 closed|peer [2001:db8::7]:443 closed",
                "peer rates.acme.io/10.0.0.7:443 closed|peer rates.acme.io/[0:0:0:0:0:0:0:1]:443 closed",
                "no rate for EUR/USD|no rate for GBP-JPY",
                "currency code EUR is unknown|currency code 978 is unknown",
                "took 500 millisecond(s)|took 1 minute(s)",
                "sent 12 bytes too much|sent 4 MiB too much",
                "reads -3°C at most|reads 21.5 °C at most",
                "costs CHF 1'234.50 too much|costs € 5 too much",
                "customer „Müller & Söhne“ is unknown|customer 'K-1' is unknown",
                "expired on 3 June 2024|expired on 2024-06-03",
                "GET https://gw/v2/pay?id=7 failed|GET gw.acme.io:80 failed",
                "odd answer {} of it|odd answer {\"id\":7} of it",
                "signature MEUCIQDx3q5Zt8t2S1c9h0n4pQz8mw== differs|signature 9f86d081884c7d65 differs",
                "\"data\" must be a string. Received null|\"data\" must be a string. Received type number (7)",
                "expected type: String, found: Null|expected type: String, found: Integer",
                "$.amount: string found, number expected|$.amount: null found, number expected",
                "DEADLINE_EXCEEDED: after 1.9s. [open=[]]|DEADLINE_EXCEEDED: CallOptions deadline exceeded",
                "Connection refused: no further information|Connection refused (rates:443)",
                "No such host is known. (geo:443)|Name or service not known (geo.acme.io:443)",
                "undefined method `owner' for nil:NilClass|undefined method 'tag' for nil",
                "undefined method `tag' for #<Dog:0x01 @n=1>|undefined method 'tag' for an instance of Dog",
                "Cannot read property 'a' of null|Cannot read properties of undefined (reading 'a')",
                "\"items[0].qty\" must be 1|\"items[17].qty\" must be 3",
                "due at 2024-06-01T02:00+02:00[Europe/Berlin] it was|due at 2024-06-01T00:00Z it was",
                "van B-AB 1234 is sold|van M-7 is sold",
                "(certificate_unknown) PKIX path building failed|PKIX path building failed",
                "#/cards/0/level: -1 is too low|#/cards/11/level: 0 is too low",
                "code of o'neil+x@mail.co.uk was used|code of jane@example.org was used",
                "member Jane Doe has left|member Ana García López has left",
                "Member Bob has left|Member Søren Kierkegaard has left",
                "VAT id of Müller & Söhne is not valid|VAT id of Wiener Kaffee is not valid",
                "no room in New York for 2|no room in São Paulo for 3",
                "value (yesterday) does not match|value (1.1.2024) does not match",
                "Unable to cast NaN to INT32|Unable to cast 1e400 to INT32",
                "scan report.pdf is too large|scan 17.tiff is too large",
                "Not in union [\"null\",\"long\"]: abc (field=amount)|Not in union [\"null\",\"long\"]: 1.5 (field=amount)",
                "No queue. (Status Code: 400, Request ID: a-1)|No queue. (Status Code: 400, Request ID: b-2) (SDK Attempt Count: 1)",
                "answered 422 (Unprocessable Entity)|answered 422 (Unprocessable Content)",
                "Jo holds 1 seat in row 2|Jo holds 17 seats in row 4",
                "lacks 1 entry which was due|lacks 12 entries which was due",
                "saw 1 record(s) too many|saw 3 records too many",
                "claim 17 asks too much|claim K-4 asks too much",
                "3 boxes are lost|1 box is lost",
                "Jo has 3 open jobs now|Jo has 1 open job now",
                "at least $0.50 usd each|at least EUR 0.50 each",
                "limit of 99,90 kr exceeded|limit of EUR 99.90 exceeded",
                "locked since 3. März 2024 by now|locked since 2024-03-03 by now",
                "frozen by J. Doe today|frozen by Dr. Ada King today",
                "getaddrinfo ENOTFOUND rates|getaddrinfo ENOTFOUND rates.acme.io",
                "dial tcp: lookup rates: no such host|dial tcp: lookup geo.acme.io on 10.0.0.10:53: no such host",
                "no way to rates port 443 after all|no way to 10.0.0.7 port 80 after all",
                "Cast to ObjectId failed for value \"x\" (type string)|Cast to ObjectId failed for value \"7\" (type number)"
            })
    void isToldInOtherWords(String one, String other) {
        assertThat(shape(other)).isEqualTo(shape(one));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "#/cards/0/level: 0 is too low|#/cards/0/rank: 0 is too low",
                "reads 81 % at most|reads 21 °C at most",
                "expected 200 but got 503|expected 200 but got 404",
                "expected number, got string at $.amount|expected number, got string at $.total",
                "must be signed, no signature found in archive|must be signed, no signature found in mail",
                "reason code INSUFFICIENT_FUNDS|reason code CARD_EXPIRED",
                "Max retries (Caused by E('<C at 0x7f>: refused'))|Max retries (Caused by E('<C at 0x7f>: timed out'))",
                "code = Unavailable desc = \"dial: refused\"|code = Unavailable desc = \"dial: no such host\"",
                "Error:Field validation for 'Weight' failed|Error:Field validation for 'Seal' failed",
                "sql: Scan error on column index 2, name \"weight\"|sql: Scan error on column index 2, name \"seal\"",
                "\"owner.phone\" is required|\"owner.name\" is required",
                "closed (reply-code=404, reply-text=x)|closed (reply-code=406, reply-text=x)",
                "TCP/IP stack is down|TLS/SSL stack is down",
                "404 : [no body]|409 : [no body]",
                "GET https://seats.acme.io/v1/halls/12: 403|GET https://seats.acme.io/v1/halls/7: 410",
                "{'iban': ['Missing data.']}|{'term': ['Missing data.']}",
                "Not in union [\"null\",\"long\"]: abc (field=amount)|Not in union [\"null\",\"long\"]: abc (field=total)",
                "Invalid Email Address for user 1|Invalid Phone Number for user 1",
                "could not turn Order into Invoice|could not turn Order into Receipt",
                "(1062, \"Duplicate entry 'a' for key 'uq_ref'\")|(1062, \"Duplicate entry 'a' for key 'uq_ext'\")",
                "(1048, \"Column 'tax' cannot be null\")|(1048, \"Column 'sum' cannot be null\")",
                "holds 3 seats in row 4|holds 3 tables in row 4",
                "500, message='Internal Server Error', url='http://a/b'|503, message='x', url='http://a/b'"
            })
    void isAnother(String one, String other) {
        assertThat(shape(other)).isNotEqualTo(shape(one));
    }

    @Test
    void isTheSameWhereItsTraceWasSqueezedIntoOneLine() {
        var whole = of("a.Wrapper", "x", JAVA);
        assertThat(whole.culprit()).isEqualTo("Rates.of");
        String escaped = JAVA.replace("\n", "\\n").replace("\t", "\\t");
        assertThat(of("a.Wrapper", "x", escaped).hash()).isEqualTo(whole.hash());
        String spaced = JAVA.strip().replace("\n\t", " ").replace("\n", " ");
        assertThat(of("a.Wrapper", "x", spaced).hash()).isEqualTo(whole.hash());
        assertThat(of(null, null, "the guest at desk (7) is at lunch").parts().toString())
                .contains("the guest at desk");
    }

    @Test
    void ofAGoPackageNamedInternalHasItsPlace() {
        String trace = """
                goroutine 7 [running]:
                panic({0x6c0, 0xc0})
                \t/usr/local/go/src/runtime/panic.go:785 +0x132
                acme.io/freight/internal/yard.(*Stack).Top(0xc00)
                \t/src/internal/yard/yard.go:12 +0x1d
                """;
        assertThat(of("runtime.boundsError", "index out of range [3] with length 3", trace)
                        .culprit())
                .isEqualTo("Stack.Top");
    }

    @Test
    void thatPrismaReportsIsKnownByItsLastLine() {
        String text = "\nInvalid `prisma.seat.create()` invocation in\n/app/seat.js:12:20\n\n  12 create(\n";
        var code = of("PrismaError", text + "Unique constraint failed on the fields: (`code`)", null);
        var ref = of("PrismaError", text + "Unique constraint failed on the fields: (`ref`)", null);
        assertThat(code.message()).isEqualTo("Unique constraint failed on the fields: ('code')");
        assertThat(ref.hash()).isNotEqualTo(code.hash());
    }

    @Test
    void ofAnotherPropertyOfTheSameDocumentIsAnother() {
        String text = "0 is less than the minimum of 1\n\nFailed validating 'minimum' in schema:\n  {}\n\nOn instance";
        var amount = of("ValidationError", text + "['lines'][0]['amount']:\n    0", null);
        assertThat(of("ValidationError", text + "['lines'][3]['amount']:\n    0", null)
                        .hash())
                .isEqualTo(amount.hash());
        assertThat(of("ValidationError", text + "['lines'][0]['price']:\n    0", null)
                        .hash())
                .isNotEqualTo(amount.hash());
    }

    @Test
    void hasItsWholeMessageWhereItWasWrapped() {
        String trace = """
                Traceback (most recent call last):
                  File "/app/labels.py", line 9, in check
                    validate(label)
                ValidationError: 'x' is not of type 'number'

                On instance['parcels'][4]['weight']:
                    'x'

                The above exception was the direct cause of the following exception:

                Traceback (most recent call last):
                  File "/app/worker.py", line 3, in main
                    handle(label)
                ConsumerError: handler failed for offset 7
                """;
        var weight = of("ConsumerError", "handler failed for offset 7", trace);
        var height = of("ConsumerError", "handler failed for offset 8", trace.replace("weight", "height"));
        assertThat(weight.parts().toString()).contains("weight");
        assertThat(height.hash()).isNotEqualTo(weight.hash());
    }

    @Test
    void ofARustPanicHasItsPlace() {
        String trace = """
                thread 'tokio-runtime-worker' panicked at src/vwap.rs:12:9:
                index out of bounds: the len is 3 but the index is 7
                stack backtrace:
                   0: rust_begin_unwind
                             at /rustc/9fc6b43/library/std/src/panicking.rs:665:5
                   1: ticker::vwap::compute
                             at ./src/vwap.rs:12:9
                   2: ticker::handler::handle::{{closure}}
                             at ./src/handler.rs:40:5
                   3: tokio::runtime::task::core::Core<T,S>::poll
                """;
        var vwap = of("panic", "index out of bounds: the len is 3 but the index is 7", trace);
        assertThat(vwap.culprit()).isEqualTo("vwap.compute");
        assertThat(vwap.message()).isEqualTo("index out of bounds: the len is ‹n› but the index is ‹n›");
        assertThat(of("panic", vwap.message(), trace.replace(":12:9", ":77:1")).hash())
                .isEqualTo(vwap.hash());
        assertThat(of("panic", vwap.message(), trace.replace("vwap", "depth")).hash())
                .isNotEqualTo(vwap.hash());
    }

    @Test
    void ofAnHttpClientWithoutNamespaceIsKnownByPlaceAndStatus() {
        String calls =
                "\n    at Request.end (/app/node_modules/got/dist/core.js:9:4)\n    at fetchRoom (/app/sync.js:4:2)\n";
        var bare = of("HTTPError", "x", "HTTPError: Response code 503 (Service Unavailable)" + calls);
        String told = "HTTPError: Request failed with status code %s: GET http://rooms:80/rooms/17" + calls;
        assertThat(of("HTTPError", "x", told.formatted("503 (Service Unavailable)"))
                        .hash())
                .isEqualTo(bare.hash());
        assertThat(of("HTTPError", "x", told.formatted("404 (Not Found)")).hash())
                .isNotEqualTo(bare.hash());
    }

    @Test
    void withoutAMessageIsTheSameHoweverThatIsWritten() {
        assertThat(of("shop.GoneException", "null", null).hash())
                .isEqualTo(of("shop.GoneException", null, null).hash());
    }
}
