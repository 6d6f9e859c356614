import Core
import Testing

/// A host that writes down what it is asked for.
private struct Clerk: EffectHost {
  var underWay = UnderWay<Int, WorkID>()
  var told: [String] = []
  private var alarms = 0
  /// Work that has its result before its start returns.
  var endsAtOnce = false

  mutating func arm(_ timer: TimerID, at instant: CallInstant) -> Int {
    alarms += 1
    told.append("arm \(alarms)")
    return alarms
  }
  mutating func disarm(_ alarm: Int) { told.append("disarm \(alarm)") }
  mutating func start(_ work: Work) -> WorkID {
    if endsAtOnce { _ = underWay.ended(work.id) }
    return work.id
  }
  mutating func giveUp(_ job: WorkID) { told.append("give up \(job)") }
  mutating func listen() { told.append("listen") }
  mutating func speak(_ utterance: Utterance) {}
  mutating func pause(_ id: UtteranceID) { told.append("pause") }
  mutating func resume(_ id: UtteranceID) { told.append("resume") }
  mutating func stop(_ id: UtteranceID) { told.append("stop") }
  mutating func endLine(_ reason: HangUpReason) { told.append("end") }
  mutating func suspend() { told.append("suspend") }
}

@Suite struct `A performer of effects` {
  private static func tool(_ number: Int, changes: Bool = false) -> Work {
    .invoke(
      ToolInvocation(
        effect: EffectID(number), tool: "move", activation: FlowActivation(1), arguments: [:], changesState: changes,
        deadline: .seconds(1)))
  }

  private static let words: Work = .understand(
    UnderstandingRequest(
      turn: TurnNumber(1), heard: [], awaiting: nil, activeFlow: nil, fillable: [], filled: [:], startable: [],
      today: CivilDate(daysSinceEpoch: 0), minuteOfDay: 0))
  private static let transfer: Work = .transfer(
    TransferRequest(effect: EffectID(7), destination: "support", ringTimeout: .seconds(20)))

  private func busy(_ work: Work) -> Clerk {
    var clerk = Clerk()
    clerk.perform(.work(work))
    clerk.perform(.setTimer(.work(work.id), at: .zero + work.deadline))
    return clerk
  }

  @Test(arguments: [words, tool(3), transfer], [true, false])
  func `gives work up when its deadline is cancelled, and when it fires`(work: Work, fires: Bool) {
    var clerk = busy(work)
    if fires {
      let ran = clerk.fired(.work(work.id))
      #expect(ran)
    } else {
      clerk.perform(.cancelTimer(.work(work.id)))
    }
    #expect(clerk.told == ["arm 1"] + (fires ? [] : ["disarm 1"]) + ["give up \(work.id)"])
    #expect(clerk.underWay.work.isEmpty && clerk.underWay.timers.isEmpty)
    let ended = clerk.underWay.ended(work.id)
    #expect(ended == nil, "and nobody is told of it")
  }

  @Test(arguments: [true, false])
  func `never gives a change up`(fires: Bool) {
    let change = Self.tool(3, changes: true)
    var clerk = busy(change)
    if fires {
      let ran = clerk.fired(.work(change.id))
      #expect(ran)
    } else {
      clerk.perform(.cancelTimer(.work(change.id)))
    }
    clerk.perform(.work(Self.words))
    #expect(clerk.underWay.work.count == 2 && clerk.underWay.changes.map(\.work) == [change])
    clerk.dropAll()
    #expect(clerk.told.filter { $0.hasPrefix("give up") } == ["give up \(Self.words.id)"])
    #expect(clerk.underWay.changes.map(\.work) == [change])
    let ended = clerk.underWay.ended(change.id)
    #expect(ended == change)
  }

  @Test func `gives up nothing that has ended`() {
    var clerk = busy(Self.words)
    let ended = clerk.underWay.ended(Self.words.id)
    #expect(ended == Self.words)
    clerk.perform(.cancelTimer(.work(Self.words.id)))
    #expect(clerk.told == ["arm 1", "disarm 1"])
    clerk.endsAtOnce = true
    clerk.perform(.work(Self.tool(4)))
    #expect(clerk.underWay.work.isEmpty, "though it ended while it was begun")
  }

  @Test func `has one timer of a name, which fires once, and not when it was forgotten`() {
    var clerk = Clerk()
    clerk.perform(.setTimer(.hangUp, at: .milliseconds(5)))
    clerk.perform(.setTimer(.hangUp, at: .milliseconds(9)))
    #expect(clerk.told == ["arm 1", "disarm 1", "arm 2"])
    let ran = (clerk.fired(.hangUp), clerk.fired(.hangUp))
    #expect(ran == (true, false))
    clerk.perform(.setTimer(.longestCall, at: .zero))
    clerk.perform(.cancelTimer(.longestCall))
    let forgotten = clerk.fired(.longestCall)
    #expect(!forgotten)
  }

  @Test func `hands the line what is the line's`() {
    var clerk = Clerk()
    let id = UtteranceID(1)
    for effect: CallEffect in [
      .listen(ListenPlan()), .pause(id), .resume(id), .stop(id), .hangUp(.silence), .suspend(until: .zero),
    ] {
      clerk.perform(effect)
    }
    #expect(clerk.told == ["listen", "pause", "resume", "stop", "end", "suspend"])
  }
}

/// A host in virtual time whose work takes ten milliseconds.
private struct Quick: VirtualHost {
  var agenda = VirtualAgenda<String>()

  mutating func start(_ work: Work) -> WorkID {
    agenda.promise("\(work.id)", after: .milliseconds(10), of: work.id)
    return work.id
  }
  mutating func speak(_ utterance: Utterance) {
    agenda.line.enqueue(utterance.id, sentences: [.milliseconds(5)], readyAt: .milliseconds(20))
  }
  mutating func endLine(_ reason: HangUpReason) {}
  mutating func suspend() {}

  /// Lets all that is due happen.
  mutating func run() -> [String] {
    var came: [String] = []
    while let next = agenda.next() {
      agenda.pass(to: next)
      switch agenda.take() {
      case .playback(let playback): came.append("\(agenda.now.milliseconds) \(playback.state)")
      case .promise(let what): came.append("\(agenda.now.milliseconds) \(what)")
      case .timer(let timer): if fired(timer) { came.append("\(agenda.now.milliseconds) \(timer)") }
      case nil: return came + ["nothing is due"]
      }
    }
    return came
  }
}

@Suite struct `What is due in virtual time` {
  @Test func `comes in the order of its instants, and of one instant the line first, then promises, then timers`() {
    var host = Quick()
    for (timer, instant) in [(TimerID.silence(2), 20), (.silence(1), 20), (.hangUp, 10)] {
      host.perform(.setTimer(timer, at: .milliseconds(instant)))
    }
    #expect(host.agenda.next { _ in false } == nil && host.agenda.next { $0 != .hangUp } == .milliseconds(20))
    host.agenda.promise("second", after: .milliseconds(20))
    host.agenda.promise("third", after: .milliseconds(20))
    host.agenda.promise("first", after: .milliseconds(10))
    host.perform(
      .speak(Utterance(id: UtteranceID(1), turn: TurnNumber(0), sentences: [], interruption: .free)))
    #expect(host.agenda.next { _ in false } == .milliseconds(10) && host.agenda.nextPromise == .milliseconds(10))
    let came = host.run()
    #expect(
      came == [
        "10 first", "10 hangUp", "20 started", "20 second", "20 third", "20 silence(2)", "20 silence(1)", "25 finished",
      ])
    host.agenda.pass(to: .zero)
    let nothing = host.agenda.take() == nil
    #expect(host.agenda.now == .milliseconds(25) && nothing)
  }

  @Test func `is no result of work that was given up`() {
    var host = Quick()
    for number in 1...3 {
      let work = Work.transfer(
        TransferRequest(effect: EffectID(number), destination: "support", ringTimeout: .seconds(20)))
      host.perform(.work(work))
      host.perform(.setTimer(.work(work.id), at: .milliseconds(number == 2 ? 5 : 60)))
    }
    host.perform(.cancelTimer(.work(.transfer(EffectID(1)))))
    let (second, third) = (WorkID.transfer(EffectID(2)), WorkID.transfer(EffectID(3)))
    let came = host.run()
    #expect(came == ["5 \(TimerID.work(second))", "10 \(third)", "60 \(TimerID.work(third))"])
  }

  @Test func `is on no line that is gone`() {
    var host = Quick()
    host.perform(.setTimer(.hangUp, at: .zero))
    host.perform(
      .speak(Utterance(id: UtteranceID(1), turn: TurnNumber(0), sentences: [], interruption: .free)))
    host.agenda.pass(to: .milliseconds(30))
    let nothing = host.agenda.take(isOver: true) == nil
    #expect(nothing)
  }
}
