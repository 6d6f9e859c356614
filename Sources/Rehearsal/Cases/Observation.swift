import Core
import Dialogue

/// What came of one turn, in the order it happened.
struct Observation {
  var events: [Event] = []
  /// What the agent said, in order.
  var messages: [Message] = []
  /// When the first sample of the answer left.
  var firstSound: CallInstant?
  /// Why the agent ended the call.
  var hangUp: HangUpReason?

  /// One thing that assertions can be about.
  enum Event: Equatable {
    case flowStarted(FlowID)
    case flowCompleted(FlowID, StepID?)
    case flowCancelled(FlowID, StepID?)
    case action(ActionName)
    /// Nil: cleared, or back to what it held at first.
    case slot(SlotName, SlotValue?)
    /// The caller is asked to choose among these.
    case clarified([FlowID])
    /// The message of this number.
    case said(Int)
  }

  /// What the agent said at one go under one name.
  struct Message: Equatable {
    var response: ResponseName?
    var text = ""
    var buttons: [[ResponseButton]] = []
    /// Utterances and sentences it was played as.
    var sentences: [Spoken] = []
  }

  /// A sentence of an utterance, and whether it was played to its end.
  struct Spoken: Equatable {
    let utterance: UtteranceID
    let sentence: Int
    var isHeard = false
  }
}

/// Makes observations of a call's records.
struct Observer {
  let definition: AssistantDefinition
  let channel: Channel
  /// The step each flow was at last.
  private var lastStep: [FlowID: StepID] = [:]

  init(definition: AssistantDefinition, channel: Channel) {
    self.definition = definition
    self.channel = channel
  }

  /// What came of the records of one turn. `options`: what the caller is asked to choose from at its end.
  mutating func observe(_ records: ArraySlice<RehearsedCall.Record>, options: [FlowID]) -> Observation {
    var observation = Observation()
    var unspoken: [Int] = []
    for record in records {
      switch record.what {
      case .engine(let line): take(line, options, &observation, &unspoken)
      case .invoke(let invocation): observation.events.append(.action(invocation.tool))
      case .transfer: observation.events.append(.action("action_transfer"))
      case .speak(let utterance, let texts): take(utterance, texts, &observation, &unspoken)
      case .saidByAction(let words):
        observation.events.append(.said(observation.messages.count))
        observation.messages.append(
          Observation.Message(response: words.response, text: words.text, buttons: [words.buttons]))
      case .playback(let playback):
        if playback.state == .started, observation.firstSound == nil { observation.firstSound = record.instant }
        hear(playback, &observation)
      case .hangUp(let reason): observation.hangUp = reason
      case .over: break
      }
    }
    return observation
  }

  private mutating func take(
    _ line: EngineTrace.Line, _ options: [FlowID], _ observation: inout Observation, _ unspoken: inout [Int]
  ) {
    switch line {
    case .entered(let step): lastStep[step.flow] = step.step
    case .left: break
    case .changed(let slot, let value): observation.events.append(.slot(slot, value))
    case .decided(let decision):
      let flow = FlowID(decision.subject)
      switch decision.kind {
      case .flowStarted:
        lastStep[flow] = nil
        observation.events.append(.flowStarted(flow))
        if flow == "pattern_clarification" { observation.events.append(.clarified(options)) }
      case .flowCompleted: observation.events.append(.flowCompleted(flow, lastStep[flow]))
      case .flowCancelled: observation.events.append(.flowCancelled(flow, lastStep[flow]))
      case .actionRun:
        let action = ActionName(decision.subject)
        // A tool counts when it is asked for, a response when it is said.
        if definition.tools[action] == nil, action != "action_transfer" { observation.events.append(.action(action)) }
      case .responseSaid:
        let response = ResponseName(decision.subject)
        unspoken.append(observation.messages.count)
        observation.events.append(.said(observation.messages.count))
        observation.messages.append(Observation.Message(response: response, buttons: buttons(of: response)))
      default: break
      }
    }
  }

  /// Gives sentences to the messages they belong to; what no decision announced, such as a repetition, is a message of its own.
  private func take(
    _ utterance: Utterance, _ texts: [String], _ observation: inout Observation, _ unspoken: inout [Int]
  ) {
    var current: Int?
    for (index, sentence) in utterance.sentences.enumerated() {
      if current == nil || observation.messages[current ?? 0].response != sentence.response {
        if let place = unspoken.firstIndex(where: { observation.messages[$0].response == sentence.response }) {
          current = unspoken.remove(at: place)
        } else {
          current = observation.messages.count
          observation.events.append(.said(observation.messages.count))
          observation.messages.append(
            Observation.Message(
              response: sentence.response, buttons: sentence.response.map(buttons) ?? []))
        }
      }
      guard let current else { continue }
      let before = observation.messages[current].text
      observation.messages[current].text = before.isEmpty ? texts[index] : before + " " + texts[index]
      observation.messages[current].sentences.append(
        Observation.Spoken(utterance: utterance.id, sentence: index))
    }
  }

  private func hear(_ playback: Playback, _ observation: inout Observation) {
    for message in observation.messages.indices {
      for place in observation.messages[message].sentences.indices {
        let spoken = observation.messages[message].sentences[place]
        guard spoken.utterance == playback.utterance, playback.playedPermille.indices.contains(spoken.sentence) else {
          continue
        }
        let isWhole = playback.state == .finished || playback.playedPermille[spoken.sentence] >= 1000
        observation.messages[message].sentences[place].isHeard = isWhole
      }
    }
  }

  /// The buttons of the variants that this channel may show.
  private func buttons(of response: ResponseName) -> [[ResponseButton]] {
    (definition.responses[response]?.variants ?? []).filter { $0.channel == nil || $0.channel == channel.rawValue }
      .map(\.buttons)
  }
}
