package dev.redrive.grouping;

import static dev.redrive.grouping.SameFailureTest.shape;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What two versions of one library say of the same failure, and what one says of another. */
class VersionWordsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "failed to lazily initialize a collection of role: a.Order.lines: could not initialize proxy|Cannot lazily initialize collection of role 'a.Order.lines' with key '7' (no session)",
                "Write error: WriteError{code=11000, message='E11000 index: ref_1', details={}}.|E11000 index: ref_1 dup key: { ref: 7 }",
                "Timed out after 30000 ms while waiting for a server that matches W. Client view of cluster state is {}|Timed out while waiting for a server that matches W",
                "JWT expired 12 milliseconds ago at 2024-01-01T00:00:00Z.|JWT expired at 2024-01-01T00:00:00Z, a difference of 7 milliseconds.",
                "[es/index] failed: [mapper_parsing_exception] failed to parse field [x]|[es/index] failed: [document_parsing_exception] [1:15] failed to parse field [x]",
                "put: Error 1062 (23000): Duplicate entry|put: Error 1062: Duplicate entry",
                "get: parsing time \"x\" as \"2006\": cannot parse \"x\"|get: parsing time \"2024-13-01\": month out of range",
                "post: tls: failed to verify certificate: x509: certificate has expired|post: x509: certificate has expired",
                "finishConnect(..) failed: Connection refused: a/10.0.0.7:80|Connection refused",
                "error sending: client error (Connect): refused|error sending: error trying to connect: refused",
                "Failed to connect: Couldn't connect to server|Failed to connect: Connection refused",
                "Failed to open TCP connection to a:80 (Connection refused - connect(2) for a)|Connection refused - connect(2) for 10.0.0.7:80",
                "HTTPPool: no (Caused by NewE('<C object at 0x7f>: refused'))|HTTPPool: no (Caused by NewE(\"C(host='a', port=80): refused\"))",
                "Cannot connect to host a:80 ssl:default [Connect call failed ('::1', 80)]|Cannot connect to host b:80 ssl:<S object at 0x7f> [Multiple exceptions: [Errno 111] Connect call failed ('::1', 80)]",
                "An error occurred (SlowDown) when calling Get (reached max retries: 4): slow|An error occurred (SlowDown) when calling Get: slow",
                "Undefined index: grade|Undefined array key \"grade\"",
                "no backing value for enum \"App\\Level\"|no backing value for enum App\\Level",
                "E(errors:List((/a,List(V(List(x),WrappedArray())))))|E(errors:List((/a,List(V(List(x),ArraySeq())))))",
                "Field 'a' is required for type with serial name 'b.C', but it was missing|Field 'a' is required for type with serial name 'b.C', but it was missing at path: $.x[1]",
                "to a failed: Connection refused (Connection refused)|to a failed: Connection refused",
                "[23505] duplicate key, constraint tiles_key|duplicate key, constraint tiles_key",
                "Unable to cast object of type 'a.Sofa' to type 'a.Table'.|Unable to cast object of type 'a.Chair' to type 'a.Table'.",
                "~Value cannot be null.\nParameter name: owner~|Value cannot be null. (Parameter 'owner')",
                "Net::ReadTimeout with #<TCPSocket:(closed)>|Net::ReadTimeout"
            })
    void areOne(String one, String other) {
        assertThat(shape(other)).isEqualTo(shape(one));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "Cannot lazily initialize collection of role 'a.Order.lines'|Cannot lazily initialize collection of role 'a.Order.notes'",
                "WriteError{code=11000, message='E11000 index: ref_1', details={}}|WriteError{code=11000, message='E11000 index: ext_1', details={}}",
                "[document_parsing_exception] [1:15] failed to parse field [price]|[document_parsing_exception] [1:15] failed to parse field [weight]",
                "Cannot connect to host a:80 ssl:default [Connect call failed ('::1', 80)]|Cannot connect to host a:80 ssl:default [Name or service not known]",
                "Unable to cast object of type 'a.Sofa' to type 'a.Table'.|Unable to cast object of type 'a.Sofa' to type 'a.Desk'.",
                "Value cannot be null. (Parameter 'owner')|Value cannot be null. (Parameter 'room')",
                "Field 'a' is required for type with serial name 'b.C', but it was missing|Field 'd' is required for type with serial name 'b.C', but it was missing"
            })
    void areTwoWhereTheyNameAnother(String one, String other) {
        assertThat(shape(other)).isNotEqualTo(shape(one));
    }
}
