{{ stage('custom', 'returns') }}
