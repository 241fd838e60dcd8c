using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Informer.Ai.Simulator;

namespace Informer.Ai.Memories;

/// <summary>
/// Two hundred memories and a paraphrased question for each: forty facts about each of five people, so that each
/// memory has forty of the same person and five of the same fact beside it.
/// </summary>
public static class MemorySet
{
    private static readonly string[] People = ["Anna", "Bernard", "Chiara", "Dimitri", "Evelyn"];

    private static readonly (string Memory, string Question)[] Facts =
    [
        ("{0} is allergic to peanuts and always carries an injector.", "Which food is dangerous for {0} because of an allergy?"),
        ("{0} plans a cycling tour along the Danube in June.", "Where did {0} want to cycle this summer?"),
        ("The quarterly report of {0} is due on the third of each month.", "By when does {0} have to send the report for the quarter?"),
        ("{0} keeps two cats, Minka and Socks, who only eat wet food.", "What do the cats of {0} like to eat?"),
        ("{0} is learning Portuguese for a new job in Porto.", "Why does {0} take language lessons in Portuguese?"),
        ("The heating in the office of {0} was repaired by the plumber in March.", "Who fixed the broken heater for {0}?"),
        ("{0} prefers charts with a dark background and large labels.", "How should charts look like for {0}?"),
        ("{0} decided to migrate the warehouse from Oracle to Postgres.", "Which database did {0} choose for the warehouse migration?"),
        ("{0} runs a half marathon in Ghent every autumn.", "What running competition does {0} join in autumn?"),
        ("The daughter of {0} starts school in September and is nervous.", "How does the daughter of {0} feel about starting at school?"),
        ("{0} wants invoices in Swiss francs and not in euros.", "In which currency are the invoices for {0} to be written?"),
        ("{0} bakes sourdough bread each Sunday with rye flour.", "Which flour does {0} use for baking bread?"),
        ("The passport of {0} expires in November and must be renewed.", "When does {0} need to renew the passport?"),
        ("{0} found that churn rises when support answers after two days.", "What did {0} find out about the reasons for churn?"),
        ("{0} grows tomatoes, basil and chillies on a south balcony.", "Which plants grow on the balcony of {0}?"),
        ("{0} plays the cello in an amateur orchestra on Thursdays.", "On which weekday does {0} rehearse with the orchestra?"),
        ("The car of {0} needs new brake pads before the winter.", "What has to be replaced on the car of {0}?"),
        ("{0} writes a thesis about coral reefs near Okinawa.", "What is the topic of the thesis that {0} is writing?"),
        ("{0} negotiated a discount of twelve percent with the supplier of paper.", "How much discount does the paper supplier give {0}?"),
        ("{0} is afraid of flying and takes night trains instead.", "How does {0} travel, being afraid of planes?"),
        ("The password policy of {0} asks for sixteen characters and a hardware key.", "What does the policy of {0} say about passwords?"),
        ("{0} collects stamps from the former Ottoman Empire.", "Which kind of stamps does {0} collect?"),
        ("{0} moved the weekly meeting to Tuesday at nine.", "At what time is the weekly meeting of {0} now?"),
        ("{0} reads science fiction by Stanislaw Lem before sleeping.", "Which science fiction author does {0} read?"),
        ("The kitchen of {0} is being renovated with an induction stove.", "Which stove comes into the renovated kitchen of {0}?"),
        ("{0} forecasts revenue with a seasonal model over thirty six months.", "How does {0} make the revenue forecast?"),
        ("{0} volunteers at an animal shelter near Utrecht on weekends.", "Where does {0} volunteer with animals?"),
        ("The knee of {0} hurts after skiing and needs physiotherapy.", "What kind of therapy does the knee of {0} need?"),
        ("{0} subscribed to a newspaper about climate policy.", "Which newspaper subscription does {0} have?"),
        ("{0} is building a wooden kayak in the garage.", "What is {0} building out of wood?"),
        ("The mortgage of {0} has a fixed rate until 2031.", "Until when is the rate of the mortgage fixed for {0}?"),
        ("{0} reorganized the sales team by regions instead of products.", "How is the sales team of {0} organized?"),
        ("{0} drinks only decaffeinated coffee after noon.", "What coffee does {0} drink in the afternoon?"),
        ("{0} photographs birds of prey with a long telephoto lens.", "What does {0} photograph with the telephoto lens?"),
        ("The grandmother of {0} turns ninety and wants a party in a garden.", "Which birthday party is planned for the grandmother of {0}?"),
        ("{0} uses a standing desk because of back pain.", "Why does {0} work at a standing desk?"),
        ("{0} exports dashboards to spreadsheets for the auditors.", "What do the auditors get from the dashboards of {0}?"),
        ("{0} teaches chess to children at the library.", "Whom does {0} teach to play chess?"),
        ("The solar panels of {0} produce nine kilowatts at noon.", "How much power do the solar panels of {0} produce?"),
        ("{0} keeps bees and sells lavender honey at the market.", "What honey does {0} sell on the market?"),
    ];

    /// <summary>The memories and their questions.</summary>
    public static IReadOnlyList<(string Memory, string Question)> All { get; } =
    [
        .. Facts.SelectMany(fact => People.Select(person => (
            string.Format(CultureInfo.InvariantCulture, fact.Memory, person), string.Format(CultureInfo.InvariantCulture, fact.Question, person)))),
    ];

    /// <summary>The simulator's embeddings of texts, over its API.</summary>
    public static async Task<IReadOnlyList<float[]>> Embed(SimulatorServer simulator, IEnumerable<string> texts, int dimensions = 256)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", SimulatorProcess.Key);
        var answer = await http.PostAsJsonAsync(
            new Uri($"{simulator.BaseAddress.AbsoluteUri.TrimEnd('/')}/embeddings"), new { model = "sim-embedding", input = texts, dimensions });
        answer.EnsureSuccessStatusCode();
        var body = JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync());
        return [.. body.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("embedding").EnumerateArray().Select(part => part.GetSingle()).ToArray())];
    }
}
