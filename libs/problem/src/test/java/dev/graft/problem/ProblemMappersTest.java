package dev.graft.problem;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.vertx.core.http.HttpClosedException;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ProblemMappersTest {

    @Test
    void tellsAKnownProblem() {
        when().get("/spoons/missing")
                .then()
                .statusCode(404)
                .contentType(Problem.MEDIA_TYPE)
                .body("type", equalTo("https://graft.dev/problems/image-not-found"))
                .body("title", equalTo("The picture does not exist"))
                .body("status", equalTo(404))
                .body("detail", equalTo("There is no spoon."))
                .body("pointer", nullValue());
    }

    @Test
    void saysWhenToComeBackWhenItIsTooBusy() {
        when().get("/spoons/busy").then().statusCode(503).header("Retry-After", "1");
    }

    @Test
    void hidesTheCauseOfAnInternalErrorBehindAnIncident() {
        when().get("/spoons/broken")
                .then()
                .statusCode(500)
                .contentType(Problem.MEDIA_TYPE)
                .body("type", equalTo(ProblemType.INTERNAL_ERROR.uri().toString()))
                .body("incidentId", notNullValue())
                .body("detail", not(containsString("secret")));
    }

    @Test
    void aClientThatGoesAwayIsNoIncident() {
        IOException gone = new IOException(new IOException(new HttpClosedException("Connection was closed")));
        Response response = new ProblemMappers().unexpected(gone);
        assertThat(response.getStatus(), equalTo(400));
        assertThat(((Problem) response.getEntity()).incidentId(), nullValue());
    }

    @Test
    void anotherServiceThatGoesAwayIsAnIncident() {
        ProcessingException gone = new ProcessingException(new HttpClosedException("Connection was closed"));
        Response response = new ProblemMappers().unexpected(gone);
        assertThat(response.getStatus(), equalTo(500));
        assertThat(((Problem) response.getEntity()).incidentId(), notNullValue());
    }

    @Test
    void describesAnUnknownAddress() {
        when().get("/nowhere")
                .then()
                .statusCode(404)
                .contentType(Problem.MEDIA_TYPE)
                .body("type", equalTo(ProblemType.NOT_FOUND.uri().toString()));
    }

    @Test
    void describesAWrongMethod() {
        when().delete("/spoons/one")
                .then()
                .statusCode(405)
                .header("Allow", equalTo("GET, HEAD, OPTIONS"))
                .contentType(Problem.MEDIA_TYPE)
                .body("detail", equalTo("DELETE is not allowed here; GET, HEAD, OPTIONS are."))
                .body("type", equalTo(ProblemType.METHOD_NOT_ALLOWED.uri().toString()));
    }

    /// Not with those of the other addresses of a resource.
    @Test
    void answersOptionsWithTheMethodsOfTheAddress() {
        when().options("/spoons/one").then().statusCode(200).header("Allow", equalTo("GET, HEAD, OPTIONS"));
        when().options("/nowhere").then().statusCode(404);
    }

    @Test
    void pointsAtWhatBreaksAConstraintInTheClientsWords() {
        when().get("/spoons?limit=0").then().statusCode(400).body("pointer", equalTo("limit"));
        refuses("{\"name\":null}", "/name");
        refuses("{\"name\":\"%s\"}".formatted("n".repeat(101)), "/name");
        refuses("{\"name\":\"s\",\"handles\":[{\"lengthMillimetres\":3},null]}", "/handles/1");
        refuses("null", "");
    }

    private static void refuses(String body, String pointer) {
        given().contentType("application/json")
                .body(body)
                .post("/spoons")
                .then()
                .statusCode(400)
                .contentType(Problem.MEDIA_TYPE)
                .body("pointer", equalTo(pointer));
    }

    @Test
    void describesAnUnsupportedMediaType() {
        given().contentType("text/plain")
                .body("spoon")
                .when()
                .post("/spoons")
                .then()
                .statusCode(415)
                .contentType(Problem.MEDIA_TYPE)
                .body("type", equalTo(ProblemType.UNSUPPORTED_MEDIA_TYPE.uri().toString()));
    }

    @Test
    void pointsAtAParameterOfTheWrongKind() {
        when().get("/spoons/one?count=many")
                .then()
                .statusCode(400)
                .contentType(Problem.MEDIA_TYPE)
                .body("detail", equalTo("count must be a whole number of at most 32 bits."))
                .body("pointer", equalTo("count"));
    }

    @Test
    void takesAWholeNumberHoweverItIsWritten() {
        spoonWithHandle("3.0").statusCode(200).body("handles[0].lengthMillimetres", equalTo(3));
        spoonWithHandle("3e2").statusCode(200).body("handles[0].lengthMillimetres", equalTo(300));
        for (String none : List.of("3.5", "3e9", "1e999999999", "100e2147483647", "\"3\"", "null")) {
            spoonWithHandle(none).statusCode(400).body("pointer", equalTo("/handles/0/lengthMillimetres"));
        }
    }

    private static ValidatableResponse spoonWithHandle(String lengthMillimetres) {
        return given().contentType("application/json")
                .body("{\"name\":\"s\",\"handles\":[{\"lengthMillimetres\":%s}]}".formatted(lengthMillimetres))
                .post("/spoons")
                .then();
    }

    @Test
    void saysWhichMembersThereAre() {
        given().contentType("application/json")
                .body("{\"name\":\"s\",\"colour\":\"red\"}")
                .post("/spoons")
                .then()
                .statusCode(400)
                .body("pointer", equalTo("/colour"))
                .body("detail", equalTo("There is no member colour; there are: handles, name."));
    }

    @Test
    void pointsAtTheMemberThatACheckRefuses() {
        given().contentType("application/json")
                .body("{\"name\":\"s\",\"handles\":[{\"lengthMillimetres\":3},{\"lengthMillimetres\":0}]}")
                .when()
                .post("/spoons")
                .then()
                .statusCode(400)
                .contentType(Problem.MEDIA_TYPE)
                .body("type", equalTo(ProblemType.INVALID_REQUEST.uri().toString()))
                .body("pointer", equalTo("/handles/1"))
                .body("detail", equalTo("a handle is at least 1 mm long, not 0"));
    }

    @Test
    void pointsAtAMemberOfTheWrongKindWithoutNamingClasses() {
        given().contentType("application/json")
                .body("{\"name\":\"s\",\"handles\":[{\"lengthMillimetres\":\"long\"}]}")
                .when()
                .post("/spoons")
                .then()
                .statusCode(400)
                .body("pointer", equalTo("/handles/0/lengthMillimetres"))
                .body("detail", not(containsString("dev.graft")));
    }

    @Test
    void describesBrokenJson() {
        given().contentType("application/json")
                .body("{\"name\":")
                .when()
                .post("/spoons")
                .then()
                .statusCode(400)
                .contentType(Problem.MEDIA_TYPE)
                .body("type", equalTo(ProblemType.INVALID_REQUEST.uri().toString()))
                .body("pointer", equalTo(""))
                .body("detail", not(containsString("com.fasterxml")));
    }

    @Test
    void describesABodyThatIsTooLarge() {
        given().contentType("application/json")
                .body(new byte[20_000])
                .when()
                .post("/spoons")
                .then()
                .statusCode(413)
                .contentType(Problem.MEDIA_TYPE)
                .body("type", equalTo(ProblemType.CONTENT_TOO_LARGE.uri().toString()))
                .body("detail", containsString("10,240"));
    }
}
