import Assistant
import Foundation

/// Folders of generated assistants, to be read and checked. Each journey asks, looks up, asks again, confirms, changes and tells,
/// with eleven ways out.
struct Folders {
  private let root: URL
  private let counts: [Int]

  init(counts: [Int]) throws {
    root = FileManager.default.temporaryDirectory.appending(path: "repartee-bench-\(UUID().uuidString)")
    self.counts = counts
    for count in counts {
      try write("assistant.yml", Self.settings(count), count)
      try write("domain.yml", Self.domain(count), count)
      try write("tools.yml", Self.tools(count), count)
      try write("examples/en-US.yml", Self.examples(count), count)
      for number in 0..<count { try write("flows/matter_\(number).yml", Self.flow(number), count) }
      let report = AssistantCheck.run(folder: path(count))
      guard report.status == .publishable, report.findings.isEmpty else {
        throw BenchmarkError("the generated assistant has findings: \(report.findings.first?.lines ?? [])")
      }
    }
  }

  private func path(_ count: Int) -> String { root.appending(path: "\(count)").path }

  private func write(_ file: String, _ text: String, _ count: Int) throws {
    let url = root.appending(path: "\(count)/\(file)")
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  func remove() { try? FileManager.default.removeItem(at: root) }

  // MARK: The files

  private static func settings(_ count: Int) -> String {
    "name: many\nlanguage: en-US\ndestinations: {desk: \"${DESK_URI}\"}\njobs:\n"
      + (0..<count).map {
        "  work_\($0): {description: Matter \($0) is settled, success: slots.done_\($0) = 'completed'}\n"
      }.joined()
  }

  private static func domain(_ count: Int) -> String {
    let slots = (0..<count).map { number in
      """
        number_\(number): {type: text, voice: {grammar: {type: digits, length: 8}, label: identifier}}
        kind_\(number): {type: categorical, values: [urgent, usual, closed]}
        amount_\(number): {type: float, min_value: 0, max_value: 5000}
        right_\(number): {type: bool, voice: {grammar: yes_no}}
        state_\(number): {type: categorical, values: [open, waiting, settled], mappings: [{type: controlled}]}
        found_\(number): {type: text, mappings: [{type: controlled}], voice: {label: none}}
        done_\(number): {type: text, mappings: [{type: controlled}], voice: {label: none}}
      """
    }
    let responses = (0..<count).map { number in
      """
        utter_ask_number_\(number): [{text: "What is the number of matter \(number)? It has eight digits."}]
        utter_ask_kind_\(number): [{text: "Is it urgent, usual or closed?"}]
        utter_ask_amount_\(number): [{text: "How much is it about?"}]
        utter_ask_right_\(number): [{text: "I have {number_\(number)}, and it is {kind_\(number)}. Is that right?"}]
        utter_told_\(number): [{text: "Matter {number_\(number)} is settled."}]
        utter_state_\(number): [{text: "It is waiting.", condition: slots.state_\(number) = 'waiting'}, {text: "It is settled already."}]
        utter_sorry_\(number): [{text: "I am sorry, that did not work."}]
      """
    }
    return "slots:\n" + slots.joined(separator: "\n") + "\nresponses:\n" + responses.joined(separator: "\n") + "\n"
  }

  private static func tools(_ count: Int) -> String {
    "base: ${BASE_URL}\ntools:\n"
      + (0..<count).map { number in
        """
          find_\(number):
            description: Looks matter \(number) up
            request: GET /matters/{number_\(number)}
            arguments: {number_\(number): {type: string}}
            results: {matter.state: {type: string, values: [open, waiting, settled], slot: state_\(number)}}
            refusals: [unknown_number]
            outcome: found_\(number)
            changes_state: false
          settle_\(number):
            description: Settles matter \(number)
            request: POST /matters/{number_\(number)}
            arguments: {number_\(number): {type: string}, kind_\(number): {type: string}}
            refusals: [too_late]
            outcome: done_\(number)
            changes_state: true
            confirmed_by: right_\(number)
            probe: GET /requests/{idempotency_key}

        """
      }.joined()
  }

  private static func examples(_ count: Int) -> String {
    "examples:\n"
      + (0..<count).map { number in
        "  matter_\(number):\n"
          + (0..<10).map { "    - the \($0) way of asking for matter \(number)\n" }.joined()
      }.joined()
  }

  private static func flow(_ number: Int) -> String {
    """
    flows:
      matter_\(number):
        description: Settles matter number \(number)
        voice: {job: work_\(number)}
        steps:
          - collect: number_\(number)
          - action: find_\(number)
            next:
              - if: slots.found_\(number) = 'completed' and slots.state_\(number) = 'open'
                then: kind
              - if: slots.found_\(number) = 'completed'
                then: state
              - else: sorry
          - id: kind
            collect: kind_\(number)
            next:
              - if: slots.kind_\(number) = 'urgent'
                then: amount
              - if: slots.kind_\(number) = 'closed'
                then: state
              - else: right
          - id: amount
            collect: amount_\(number)
            next:
              - if: slots.amount_\(number) > 1000
                then: person
              - else: right
          - id: right
            collect: right_\(number)
            ask_before_filling: true
            next:
              - if: slots.right_\(number)
                then: settle
              - else:
                  - set_slots: [{kind_\(number): null}]
                    next: kind
          - id: settle
            action: settle_\(number)
            next:
              - if: slots.done_\(number) = 'completed'
                then: told
              - if: slots.done_\(number) = 'unknown'
                then: person
              - else: sorry
          - id: told
            action: utter_told_\(number)
            next: END
          - id: state
            action: utter_state_\(number)
            next: END
          - id: sorry
            action: utter_sorry_\(number)
            next: END
          - id: person
            link: pattern_human_handoff

    """
  }

  // MARK: What is measured

  /// Reading alone first: what the search costs is the ratio.
  var suite: Suite {
    let most = counts.max() ?? 0
    var workloads = [
      Workload("\(most) flows, read", unit: "assistant", operations: 1) { [path = path(most)] in
        consume(try AssistantLoader.load(folder: path))
      }
    ]
    for count in counts {
      workloads.append(
        Workload("\(count) flows, read and checked", unit: "assistant", operations: 1) { [path = path(count)] in
          consume(AssistantCheck.run(folder: path))
        })
    }
    return Suite(
      name: "check", input: "folders of generated assistants, 10 steps and 7 slots a flow", workloads: workloads)
  }
}
