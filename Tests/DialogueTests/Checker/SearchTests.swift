import Core
import Testing

@testable import Dialogue

/// Findings that need a search.
@Suite struct SearchTests {
  static let cases = SearchCase.safety + SearchCase.conditions + SearchCase.talking

  @Test(arguments: cases)
  func `what is wrong is found with the shortest dialogue, and nothing else is`(example: SearchCase) throws {
    let findings = SearchCase.findings(example.wrong, jobs: example.jobs)
    #expect(Set(findings.map(\.code)) == [example.code])
    let finding = try #require(findings.first { $0.code == example.code })
    #expect(finding.dialogue.map(\.description) == example.dialogue)
    #expect(finding.source.file == "test.yml" && finding.source.line == 1 && finding.remedy?.isEmpty == false)
  }

  @Test(arguments: cases)
  func `mended, it has no finding`(example: SearchCase) {
    #expect(SearchCase.findings(example.mended, jobs: example.mendedJobs).map(\.description) == [])
  }

  @Test(arguments: ["c13", "c16"])
  func `the default patterns have no finding`(profile: String) {
    #expect(SearchCase.findings(assistant([], profile: profile)).map(\.description) == [])
  }

  @Test func `a journey with nine examples is found, one with ten is not`() {
    func codes(_ count: Int) -> [String] {
      let examples = (0..<count).map { "say \($0)" }
      return StateSearch.check(assistant([voiced(FlowVoice(), examples: examples, flow("a", run("utter_x")))])).map(
        \.code)
    }
    #expect(codes(9) == ["flow.few_examples"])
    #expect(codes(10) == [])
  }

  @Test func `in an imported project only a trap is an error`() {
    for example in Self.cases {
      for finding in StateSearch.check(example.wrong, jobs: example.jobs, isImported: true) {
        #expect((finding.severity == .error) == (finding.code == "flow.no_exit"), "\(finding)")
      }
    }
  }

  @Test func `a search that ends early says which journey and which limit, and draws no conclusion about it`() throws {
    let slots = (0..<9).map { slot(SlotName("s\($0)"), .bool) }
    var steps = slots.map { ask($0.name, first: true) }
    for (number, one) in slots.enumerated() {
      steps.append(
        branch(StepID("b\(number)"), .when("slots.\(one.name)", StepID("b\(number)_")), .to(StepID("b\(number)_"))))
      steps.append(run("utter_x", id: StepID("b\(number)_")))
    }
    for (number, one) in slots.enumerated() {
      steps.append(
        branch(StepID("c\(number)"), .when("slots.\(one.name)", StepID("c\(number)_")), .to(StepID("c\(number)_"))))
      steps.append(run("utter_x", id: StepID("c\(number)_")))
    }
    let wide = Flow(id: "wide", name: "wide", summary: "", steps: steps, source: flow("x").source)
    let limits = StateSearch.Limits(placesPerFlow: 600, places: 100_000)
    let findings = SearchCase.findings(assistant([wide], slots: slots), limits: limits)
    #expect(findings.map(\.code) == ["checker.stopped"])
    #expect(findings.first?.flow == "wide" && findings.first?.message.contains("600") == true)
    #expect(SearchCase.findings(assistant([wide], slots: slots)).map(\.code) == [])
  }

  @Test func `what another journey leaves behind is taken into account`() {
    let greet = flow("a", branch("n", .when("slots.name = 'Ada'", "hello"), .end), run("utter_hello", id: "hello"))
    #expect(SearchCase.findings(assistant([greet], slots: [slot("name")])).map(\.code) == ["flow.never_holds"])
    let learn = flow("b", persisted: ["name"], ask("name"))
    #expect(SearchCase.findings(assistant([greet, learn], slots: [slot("name")])).map(\.code) == [])
  }

  @Test func `calls and links are followed with their slots`() {
    let tool = change(from: ["x"], flag: "ok")
    let work = flow("work", if: "false", ask("ok", first: true, .when("slots.ok", "change"), .end), run("change"))
    func codes(_ flows: Flow...) -> [String] {
      SearchCase.findings(assistant(flows, slots: [slot("x"), yes], tools: [tool])).map(\.code)
    }
    #expect(codes(flow("a", ask("x"), call("work")), work) == [])
    #expect(codes(flow("a", ask("x"), link("work")), work) == ["flow.argument_unset"], "a link leaves x behind")
    let keeps = flow("a", persisted: ["x"], ask("x"), link("work"))
    #expect(codes(keeps, work) == [])
    #expect(codes(flow("a", call("work")), work) == ["flow.argument_unset"])
    #expect(codes(flow("a", ask("x", .to("again")), link("b", id: "again")), flow("b", ask("x"), link("a"))) == [])
  }

  @Test func `what comes with a level of identity is there when the level is`() {
    func codes(isRequired: Bool) -> [String] {
      let place = SourceLocation(file: "test.yml", line: 1, column: 1)
      let login = ToolDefinition(
        name: "login", summary: "", request: ToolRequest(method: "GET", url: "http://localhost/"), arguments: [],
        results: [
          ToolField(path: "level", type: .integer, slot: "identity_level"),
          ToolField(path: "session", type: .string, slot: "session", isRequired: isRequired),
        ], changesState: false, source: place)
      let definition = assistant(
        [
          flow("pattern_identify", run("login")),
          voiced(FlowVoice(identity: IdentityLevel(1)), flow("a", run("look"))),
        ],
        slots: [
          slot("identity_level", .float(minimum: 0, maximum: 3), by: .controlled), slot("session", by: .controlled),
        ], tools: [login, tool("look", from: ["session"])])
      return SearchCase.findings(definition).map(\.code)
    }
    #expect(codes(isRequired: true) == [])
    #expect(codes(isRequired: false) == ["flow.argument_unset"])
  }

  @Test func `what code that is not here may have filled is not complained of`() {
    func codes(_ steps: FlowStep...) -> [String] {
      let one = Flow(id: "a", name: "a", summary: "a", steps: steps, source: flow("x").source)
      return SearchCase.findings(
        assistant([one], slots: [slot("x", by: .controlled)], responses: [response("utter_told", "It is {x}.")])
      ).map(\.code)
    }
    #expect(codes(run("action_elsewhere"), run("utter_told")) == [])
    #expect(codes(run("utter_told")) == ["flow.said_unset"])
  }
}
