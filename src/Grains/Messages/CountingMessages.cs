// The records of Counter.Counting have only the attributes. This generates their serializers.
[assembly: GenerateCodeForDeclaringAssembly(typeof(Counter.Counting.Pages.CountKey))]
