import Core
import Foundation
import FoundationXML
import Testing

@testable import Insight

@Suite struct `What callers wait for` {
  /// A journal written by hand: lines at milliseconds of the call.
  private struct Lines {
    private var fold = LatencyFold()
    private(set) var timings: [TurnTiming] = []
    private var count = 0

    mutating func at(_ milliseconds: Int, _ records: JournalRecord...) {
      for record in records {
        let entry = JournalEntry(
          conversation: "m", call: "c", sequence: count, instant: .zero + .milliseconds(milliseconds), record: record)
        count += 1
        if let timing = fold.take(entry) { timings.append(timing) }
      }
    }

    /// Voice that ended 200 ms before anybody noticed; words 90 ms later.
    mutating func speaks(until end: Int) {
      at(end + 200, .event(.speechEnded(at: .zero + .milliseconds(end))))
      at(end + 290, .event(.transcript(Self.heard)))
    }

    /// A turn that ends, is understood, and gets its answer at once.
    mutating func answers(_ turn: Int, at end: Int, utterance: Int) {
      at(end, Self.understand(turn))
      at(end, .event(.finished(.understanding(TurnNumber(turn)), .understood([]))))
      at(end, Self.speak(utterance, turn))
    }

    static let heard = Heard(
      text: Sensitive(token: SensitiveToken(label: .speech, id: "t"), value: "x"), confidence: .certain, wordCount: 1,
      kind: .content,
      ending: .open)

    static func understand(_ turn: Int) -> JournalRecord {
      .effect(
        .work(
          .understand(
            UnderstandingRequest(
              turn: TurnNumber(turn), heard: [heard], awaiting: nil, activeFlow: nil, fillable: [], filled: [:],
              startable: [], today: CivilDate(year: 2026, month: 5, day: 1)!, minuteOfDay: 600))))
    }

    static func speak(_ id: Int, _ turn: Int, _ purpose: Utterance.Purpose = .answer) -> JournalRecord {
      .effect(
        .speak(
          Utterance(id: UtteranceID(id), turn: TurnNumber(turn), sentences: [], interruption: .free, purpose: purpose)))
    }

    static func started(_ id: Int) -> JournalRecord {
      .event(.playback(Playback(utterance: UtteranceID(id), state: .started)))
    }

    static func invoke(_ effect: Int) -> JournalRecord {
      .effect(
        .work(
          .invoke(
            ToolInvocation(
              effect: EffectID(effect), tool: "look_up", activation: FlowActivation(1), arguments: [:],
              changesState: false,
              deadline: .seconds(2)))))
    }

    static func latency(_ turn: Int, ready: Int, first: Int) -> JournalRecord {
      .remark(
        .latency(
          TurnLatency(
            turn: TurnNumber(turn), recognition: nil, endOfTurn: nil, understanding: nil,
            synthesis: .milliseconds(ready), firstAudio: .milliseconds(first))))
    }
  }

  private func milliseconds(_ parts: [LatencyPart: CallSpan]) -> [LatencyPart: Int] {
    parts.mapValues(\.milliseconds).filter { $0.value != 0 }
  }

  @Test func `is the silence alone where all else was done in its shadow`() throws {
    var lines = Lines()
    lines.speaks(until: 1_000)
    lines.answers(1, at: 1_400, utterance: 7)
    lines.at(1_420, Lines.latency(1, ready: 400, first: 420), Lines.started(7))
    let timing = try #require(lines.timings.first)
    #expect(milliseconds(timing.parts) == [.turnDetection: 400, .lastMile: 20])
    #expect(milliseconds(timing.work) == [.recognition: 90])
    #expect(timing.kind == .deterministic && timing.total == .milliseconds(420) && timing.isWithinBudget)
  }

  @Test func `is the recogniser where words come when the silence is over`() throws {
    var lines = Lines()
    lines.at(1_200, .event(.speechEnded(at: .zero + .milliseconds(1_000))))
    lines.at(2_100, .event(.transcript(Lines.heard)), Lines.understand(1))
    lines.at(2_130, .event(.finished(.understanding(TurnNumber(1)), .understood([]))), Lines.speak(7, 1))
    lines.at(2_300, Lines.latency(1, ready: 1_250, first: 1_300))
    let timing = try #require(lines.timings.first)
    #expect(
      milliseconds(timing.parts) == [
        .turnDetection: 200, .recognition: 900, .understanding: 30, .synthesis: 120, .lastMile: 50,
      ])
    #expect(!timing.isWithinBudget)
  }

  @Test func `is the tool where one is asked, and an acknowledgement in time keeps the budget`() throws {
    var lines = Lines()
    lines.speaks(until: 1_000)
    lines.at(1_400, Lines.understand(1))
    lines.at(1_410, .event(.finished(.understanding(TurnNumber(1)), .understood([]))), Lines.invoke(3))
    lines.at(1_700, Lines.speak(8, 1, .acknowledgement))
    lines.at(1_720, Lines.started(8))
    lines.at(3_000, .event(.finished(.tool(EffectID(3)), .tool(.completed([:])))))
    lines.at(3_005, Lines.speak(9, 1))
    var report = MediaReport()
    report.delay = .milliseconds(40)
    lines.at(3_010, .remark(.media(report)))
    lines.at(3_100, Lines.latency(1, ready: 2_080, first: 2_100))
    let timing = try #require(lines.timings.first)
    #expect(
      milliseconds(timing.parts) == [
        .audioPath: 40, .turnDetection: 400, .understanding: 10, .tools: 1_590, .orchestration: 5, .synthesis: 75,
        .lastMile: 20,
      ])
    #expect(timing.kind == .tool && timing.acknowledgement == .milliseconds(760) && timing.isWithinBudget)
    #expect(timing.total == .milliseconds(2_140))
  }

  @Test func `is not told of turns that nothing answered, nor of an answer that is another turn's`() {
    var lines = Lines()
    lines.speaks(until: 1_000)
    lines.answers(1, at: 1_400, utterance: 7)
    lines.speaks(until: 3_000)
    lines.at(3_400, Lines.understand(2))
    lines.at(3_410, Lines.latency(1, ready: 400, first: 420))
    #expect(lines.timings.isEmpty)
  }

  @Test func `adds up whatever the order of marks`() {
    for seed in 0..<500 {
      var lines = Lines()
      var marks = (0..<6).map { 1_000 + (seed * 7_919 + $0 * 104_729) % 1_500 }
      marks.sort()
      lines.at(marks[0], .event(.speechEnded(at: .zero + .milliseconds(1_000))))
      lines.at(marks[1], Lines.understand(1))
      if seed % 3 > 0 {
        lines.at(marks[2], .event(.finished(.understanding(TurnNumber(1)), .understood([]))), Lines.invoke(3))
      }
      if seed % 2 > 0 { lines.at(marks[3], .event(.finished(.tool(EffectID(3)), .tool(.unknown)))) }
      lines.at(marks[4], Lines.speak(7, 1))
      // A clock of the media may say that it left before it was asked for.
      let first = (seed * 31) % 2_000
      lines.at(marks[5], Lines.latency(1, ready: first - 100, first: first))
      #expect(lines.timings.map(\.total) == [.milliseconds(first)], "\(seed)")
      #expect(lines.timings.allSatisfy { $0.parts.values.allSatisfy { $0 >= .zero } }, "\(seed)")
    }
  }

  private static func timing(_ milliseconds: Int, _ kind: TurnClass = .deterministic) -> TurnTiming {
    TurnTiming(
      turn: TurnNumber(1), kind: kind, parts: [.turnDetection: .milliseconds(milliseconds)], work: [:],
      acknowledgement: nil)
  }

  @Test func `is reported by class, with ranks that some turn had`() throws {
    let report = LatencyReport((1...100).map { Self.timing($0 * 10) } + [Self.timing(700, .tool)])
    #expect(report.classes.map(\.kind) == [.deterministic, .tool])
    let row = try #require(report.classes.first)
    #expect((row.total.p50, row.total.p95, row.total.max) == (500, 950, 1_000))
    #expect(row.turns == 100 && row.withinBudget == 50 && row.budget == 500)
    #expect(LatencyReport([]).classes.isEmpty)
  }

  @Test func `is drawn as bars that keep to their scale, as text and as SVG`() throws {
    let report = LatencyReport((1...100).map { Self.timing($0 * 10) } + [Self.timing(700, .tool)])
    let chart = LatencyChart(report)
    #expect(chart.lines.count == 6)
    let bar = try #require(chart.lines.first { $0.contains("turn_detection") })
    #expect(bar.count { $0 == "█" } == 21 && bar.count { $0 == "░" } == 19, "\(bar)")
    let document = try XMLDocument(data: Data(chart.svg.utf8)).elements
    #expect(document.filter { $0 == "rect" }.count == 1 + 4 * 2 && document.contains("line"))
    #expect(LatencyChart(LatencyReport([])).lines.isEmpty)
  }
}

extension XMLNode {
  /// The names of all elements in it.
  fileprivate var elements: [String] {
    (children ?? []).flatMap { ($0.kind == .element ? [$0.name ?? ""] : []) + $0.elements }
  }
}
